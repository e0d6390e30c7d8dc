"""`mass update search -> edit`: every post that is found gets the edit (behaviour D.4)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from booru.bulk_update.command import Command, PlannedEdit, line_shape
from booru.bulk_update.search_text import linked
from booru.posts.search import PostSearch
from booru.posts.tag_edit import TagEdit
from booru.search_language import SearchQuery

if TYPE_CHECKING:
    from booru.bulk_update.picture import Picture
    from booru.bulk_update.run import Run
    from booru.models.tag_relationship import ValidationContext


@dataclass(frozen=True)
class MassUpdate(Command):
    """Both sides are kept as they were typed; the first ` -> ` parts them."""

    search: str
    edit: str

    shape = line_shape(r"(?:mass update|update) (?P<search>.+?) -> (?P<edit>.*)")

    def problem(self, context: ValidationContext, picture: Picture) -> str | None:  # noqa: ARG002
        return self._problem()

    def refusal(self, reason: str) -> str:
        return f"Can't mass update {{{{{self.search}}}}} -> {{{{{self.edit}}}}} ({reason})"

    def process(self, run: Run) -> None:
        """Searches as an anonymous visitor, so that nothing private decides which posts are found.

        Posts that cannot be saved are named with the line; in Danbooru nobody hears of them (M.7).
        """
        run.editor.edit(self._found.posts(), self._tag_edit, is_resumable=True, skips_invalid=True)

    def planned_edits(self) -> list[PlannedEdit]:
        return [PlannedEdit(self._found.posts(), self._tag_edit)]

    @property
    def dtext(self) -> str:
        sides = (linked(side, SearchQuery.parse(side)) for side in (self.search, self.edit))
        return f"mass update {' -> '.join(sides)}"

    @property
    def affected_tags(self) -> list[str]:
        """As they are written on both sides, with the negated and the optional ones."""
        sides = (SearchQuery.parse(side).tag_names for side in (self.search, self.edit))
        return sorted({name for names in sides for name in names})

    @property
    def is_bounded(self) -> bool:
        return bool(SearchQuery.parse(self.search).required_tags)

    @property
    def _found(self) -> PostSearch:
        return PostSearch(self.search)

    @property
    def _tag_edit(self) -> TagEdit:
        return TagEdit.parse(self.edit)

    def _problem(self) -> str:
        if SearchQuery.parse(self.search).is_null:
            return f"the search {{{{{self.search}}}}} has a syntax error"
        # Danbooru leaves out what it cannot read, and says nothing (M.8).
        unread = self._tag_edit.unread
        return f"the edit can't be read from {{{{{unread}}}}} on" if unread else ""
