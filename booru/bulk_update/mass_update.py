"""`mass update search -> edit`: every post that is found gets the edit (behaviour D.4)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from booru.bulk_update.command import Command, PlannedEdit, line_shape
from booru.bulk_update.edit_words import changes_nothing, edit_problem
from booru.bulk_update.rehearsal import Refused
from booru.bulk_update.search_text import linked
from booru.bulk_update.search_words import search_problem
from booru.bulk_update.subjects import Subjects
from booru.bulk_update.touched import Touched
from booru.bulk_update.touching import touched_by_edit, touched_by_search
from booru.models.tag_relationship import ValidationContext
from booru.posts.edit_result import sentence_of
from booru.posts.search import PostSearch
from booru.posts.tag_edit import TagEdit
from booru.search_language import SearchQuery

if TYPE_CHECKING:
    from booru.bulk_update.picture import Picture
    from booru.bulk_update.run import Run


@dataclass(frozen=True)
class MassUpdate(Command):
    """Both sides are kept as they were typed; the first ` -> ` parts them."""

    search: str
    edit: str

    shape = line_shape(r"(?:mass update|update) (?P<search>.+?) -> (?P<edit>.*)")

    @property
    def subjects(self) -> Subjects:
        return Subjects(tags=frozenset(self.affected_tags))

    def problem(self, context: ValidationContext, picture: Picture) -> str | None:
        """Danbooru looks at nothing but the syntax of the search, and leaves out what it does not heed."""
        query, edit = SearchQuery.parse(self.search), self._tag_edit
        if query.is_null:
            return f"the search {{{{{self.search}}}}} has a syntax error"
        if problem := search_problem(query, picture) or edit_problem(self.edit, edit, picture):
            return problem
        is_request = context is ValidationContext.REQUEST
        is_futile = is_request and changes_nothing(query, edit)
        return "every post that is found is like that already" if is_futile else None

    def refusal(self, reason: str) -> str:
        return f"Can't mass update {{{{{self.search}}}}} -> {{{{{self.edit}}}}} ({reason})"

    def rehearse(self, picture: Picture) -> None:
        added = [picture.to_aliased(name) for name in self._tag_edit.add]
        deprecated = sorted({name for name in added if (tag := picture.tag(name)) and tag.is_deprecated})
        if deprecated:
            tags = sentence_of(deprecated)
            raise Refused(f"The following tags are deprecated and could not be added: {tags}")

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
        """Those of both sides, with the negated and the optional ones.

        Danbooru reads the edit as a search, in which the tag of `char:q` is called that.
        """
        return sorted({*SearchQuery.parse(self.search).tag_names, *touched_by_edit(self._tag_edit).tags})

    @property
    def touched(self) -> Touched:
        return touched_by_search(SearchQuery.parse(self.search)) | touched_by_edit(self._tag_edit)

    @property
    def _found(self) -> PostSearch:
        return PostSearch(self.search)

    @property
    def _tag_edit(self) -> TagEdit:
        return TagEdit.parse(self.edit)
