"""`mass update search -> edit`: every post that is found gets the edit (behaviour D.4)."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from booru.bulk_update.checking.rehearsal import Refused
from booru.bulk_update.kinds.command import Command, PlannedEdit, line_shape
from booru.bulk_update.waiting.touched import Touched
from booru.bulk_update.waiting.touching import touched_by_edit, touched_by_search
from booru.bulk_update.words.edit_words import changes_nothing, edit_problem, subjects_of_edit
from booru.bulk_update.words.search_text import linked
from booru.bulk_update.words.search_words import search_problem
from booru.models.tag_relationships.tag_relationship import ValidationContext
from booru.posts.editing.derived_tags import automatic_tags
from booru.posts.editing.edit_result import sentence_of
from booru.posts.search import PostSearch
from booru.posts.tag_edits.tag_edit import TagEdit
from booru.search.language import SearchQuery

if TYPE_CHECKING:
    from booru.bulk_update.checking.picture import Picture
    from booru.bulk_update.checking.subjects import Subjects
    from booru.bulk_update.run import Run


@dataclass(frozen=True)
class MassUpdate(Command):
    """Both sides are kept as they were typed; the first ` -> ` parts them."""

    search: str
    edit: str

    shape = line_shape(r"(?:mass update|update) (?P<search>.+?) -> (?P<edit>.*)")

    @property
    def subjects(self) -> Subjects:
        named = subjects_of_edit(self._tag_edit)
        return replace(named, tags=named.tags | frozenset(SearchQuery.parse(self.search).tag_names))

    def problem(self, context: ValidationContext, picture: Picture) -> str | None:
        """Danbooru looks at nothing but the syntax of the search, and leaves out what it does not heed."""
        query, edit = SearchQuery.parse(self.search), self._tag_edit
        if query.is_null:
            return f"the search {{{{{self.search}}}}} has a syntax error"
        if problem := search_problem(query, picture) or edit_problem(self.edit, edit, picture):
            return problem
        is_request = context is ValidationContext.REQUEST
        is_futile = is_request and changes_nothing(query, edit, picture)
        return "every post that is found is like that already" if is_futile else None

    def refusal(self, reason: str) -> str:
        return f"Can't mass update {{{{{self.search}}}}} -> {{{{{self.edit}}}}} ({reason})"

    def rehearse(self, picture: Picture) -> None:
        added = [picture.to_aliased(name) for name in self._tag_edit.add]
        deprecated = sorted({name for name in added if (tag := picture.tag(name)) and tag.is_deprecated})
        if deprecated:
            tags = sentence_of(deprecated)
            raise Refused(f"The following tags are deprecated and could not be added: {tags}")
        self._refuse_to_remove_what_comes_back(picture, added)

    def _refuse_to_remove_what_comes_back(self, picture: Picture, added: list[str]) -> None:
        """A tag that follows from one that each of the posts keeps or gets stays on them."""
        removed = {picture.to_aliased(name) for name in self._tag_edit.remove}
        required = picture.with_aliases(SearchQuery.parse(self.search)).required_tags
        kept = required.union(added) - removed
        automatic = frozenset[str]().union(*map(automatic_tags, kept))
        following = automatic | picture.implications.reached_from(kept | automatic)
        if left := sorted(removed & following):
            problem = "could not be removed. Check for implications and try again"
            raise Refused(f"{sentence_of(left)} {problem}")

    def process(self, run: Run) -> None:
        """Searches as an anonymous visitor, so that nothing private decides which posts are found.

        Posts that cannot be saved are named with the line; in Danbooru nobody hears of them (behaviour M.7).
        """
        run.editor.edit(self._found.posts(), self._tag_edit, is_resumable=True, skips_invalid=True)

    def planned_edits(self) -> list[PlannedEdit]:
        return [PlannedEdit(self._found.posts(), self._tag_edit)]

    @property
    def dtext(self) -> str:
        sides = (linked(side, SearchQuery.parse(side)) for side in (self.search, self.edit))
        return f"mass update {' -> '.join(sides)}"

    def affected_tags(self, picture: Picture) -> list[str]:  # noqa: ARG002
        """Those of both sides, with the negated and the optional ones.

        Danbooru reads the edit as a search, in which the tag of `char:q` is called that.
        """
        return [*SearchQuery.parse(self.search).tag_names, *touched_by_edit(self._tag_edit).tags]

    @property
    def touched(self) -> Touched:
        return touched_by_search(SearchQuery.parse(self.search)) | touched_by_edit(self._tag_edit)

    @property
    def _found(self) -> PostSearch:
        return PostSearch(self.search)

    @property
    def _tag_edit(self) -> TagEdit:
        return TagEdit.parse(self.edit)
