"""Jobs of tags."""

from __future__ import annotations

from typing import TYPE_CHECKING

from jobs.engine.base import Job

if TYPE_CHECKING:
    from booru.models import Tag


class UpdateTagCategoryPostCountsJob(Job):
    """Let the posts with a tag count it in its new category (behaviour C.5)."""

    def perform(self, tag: Tag) -> None:
        tag.count_posts_anew()
