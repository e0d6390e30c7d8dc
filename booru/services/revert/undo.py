"""The order in which things are undone."""

from __future__ import annotations

from typing import TYPE_CHECKING

from booru.models import ArtistVersion, PoolVersion, WikiPageVersion
from booru.posts.editing.editor import PostEditor
from booru.services.revert.leftovers import note_leftovers
from booru.services.revert.posts import undo_posts
from booru.services.revert.records import undo_records
from booru.services.revert.relationships import undo_relationships
from booru.services.revert.tags import undo_tags

if TYPE_CHECKING:
    from booru.models import BulkUpdateRequestRevert


class Undo:
    """Undoes a request as the person who asked for that.

    Its versions are credited to the request like those that they undo: all together they come to nothing. So
    it is safe to repeat, and to go on with after a crash.
    """

    def __init__(self, revert: BulkUpdateRequestRevert) -> None:
        self.revert = revert
        self.editor = PostEditor(revert.reverter, revert.bulk_update_request)

    def run(self) -> None:
        """Relationships go first: an alias would turn a tag back at once, an implication add it again.

        Artists go before tags, whose category they hold fast.
        """
        if not self.revert.resume_after:
            undo_relationships(self.revert)
            undo_records(self.revert, ArtistVersion, "artist")
            undo_tags(self.revert, self.editor)
            undo_records(self.revert, WikiPageVersion, "wiki_page")
            undo_records(self.revert, PoolVersion, "pool")
            note_leftovers(self.revert)
        undo_posts(self.revert, self.editor)
