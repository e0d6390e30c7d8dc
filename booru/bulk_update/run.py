"""One run of a script: who acts, and for which request."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from booru.models.versions.credit import Credit
from booru.posts.editing.editor import PostEditor
from booru.posts.walking.journal import Journal, NoJournal

if TYPE_CHECKING:
    from booru.models import BulkUpdateRequest, ForumTopic, User


@dataclass(frozen=True)
class Run:
    """Everything is done by the system user; what is left behind names the approver."""

    bulk_update_request: BulkUpdateRequest
    user: User
    journal: Journal = field(default_factory=NoJournal)

    @property
    def approver(self) -> User:
        return self.bulk_update_request.approver or self.user

    @property
    def forum_topic(self) -> ForumTopic | None:
        return self.bulk_update_request.forum_topic

    @property
    def credit(self) -> Credit:
        """Whom changes of tags, wiki pages and the like are credited to."""
        return Credit(self.user, self.bulk_update_request)

    @property
    def editor(self) -> PostEditor:
        """Edits posts, credits the versions to the request, and keeps how far it is."""
        return PostEditor(self.user, self.bulk_update_request, journal=self.journal)
