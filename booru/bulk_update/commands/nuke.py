"""`nuke target`: the tag is removed from every post, or the pool is emptied."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from django.db.models import Q

from booru.bulk_update.checking.subjects import Subjects
from booru.bulk_update.kinds.command import Command, PlannedEdit, line_shape
from booru.bulk_update.waiting.touched import Touched
from booru.bulk_update.waiting.touching import touched_by_edit, touched_by_search
from booru.bulk_update.words.edit_words import subjects_of_edit
from booru.bulk_update.words.nuke_words import nuke_problem
from booru.bulk_update.words.search_text import linked
from booru.models import Pool, TagImplication
from booru.posts.search import PostSearch
from booru.posts.tag_edits.tag_edit import TagEdit
from booru.rules.tag_names import normalize_tag_name
from booru.search.language import SearchQuery

if TYPE_CHECKING:
    from django.db.models import QuerySet

    from booru.bulk_update.checking.picture import Picture
    from booru.bulk_update.run import Run
    from booru.models.tag_relationships.tag_relationship import ValidationContext


@dataclass(frozen=True)
class Nuke(Command):
    """The target is kept as it was typed."""

    target: str

    shape = line_shape(r"nuke (?P<target>\S+)")

    @property
    def subjects(self) -> Subjects:
        names = frozenset({*self._typed.tag_names, normalize_tag_name(self.target)})
        pool = self._typed.metatag("pool")
        if pool is not None:
            return Subjects(pools=frozenset({pool}))
        return replace(subjects_of_edit(TagEdit.parse(f"-{self.target}")), tags=names, removed=names)

    def errors(self, context: ValidationContext, picture: Picture) -> list[str]:  # noqa: ARG002
        search = picture.with_aliases(self._typed)
        problem = self._problem(search, picture)
        return [f"Can't nuke {{{{{search}}}}} ({problem})"] if problem else []

    def rehearse(self, picture: Picture) -> None:
        tag = picture.with_aliases(self._typed).simple_tag
        if tag is not None:
            for name in (tag, normalize_tag_name(self.target)):
                picture.implications.remove_all_of(name)

    def process(self, run: Run) -> None:
        if self._search.metatag("pool") is not None:
            if (pool := self._pool) is not None:
                pool.update(run.credit, is_deleted=True, post_ids=[])
            return
        TagImplication.objects.reject_all(self._implications, run.credit)
        run.editor.edit(self._search.posts(), self._tag_edit, is_resumable=True, skips_invalid=True)

    def planned_edits(self) -> list[PlannedEdit]:
        is_pool = self._search.metatag("pool") is not None
        return [] if is_pool else [PlannedEdit(self._search.posts(), self._tag_edit)]

    def touched_records(self) -> dict[str, int]:
        if self._pool is not None:
            return {"pools": 1}
        implications = self._implications.count()
        return {"implications": implications} if implications else {}

    @property
    def dtext(self) -> str:
        return f"nuke {linked(self.target, SearchQuery.parse(self.target))}"

    def affected_tags(self, picture: Picture) -> list[str]:
        return picture.with_aliases(self._typed).tag_names

    @property
    def touched(self) -> Touched:
        query = SearchQuery.parse(self.target)
        if (pool := query.metatag("pool")) is not None:
            return Touched(pools=frozenset({pool}))
        implications = Touched(moves_tags=query.simple_tag is not None)
        return touched_by_search(query) | touched_by_edit(self._edit_for(query.simple_tag)) | implications

    @property
    def _typed(self) -> SearchQuery:
        return SearchQuery.parse(self.target)

    @property
    def _search(self) -> PostSearch:
        return PostSearch(self.target)

    @property
    def _pool(self) -> Pool | None:
        name = self._search.metatag("pool")
        return None if name is None else Pool.objects.find(name)

    @property
    def _tag_edit(self) -> TagEdit:
        return self._edit_for(self._search.simple_tag)

    def _edit_for(self, tag: str | None) -> TagEdit:
        # By its exact name: `-artist:foo` would be no tag to remove, but a metatag without a meaning.
        return TagEdit.parse(f"-{self.target}") if tag is None else TagEdit(drop=(tag,))

    @property
    def _implications(self) -> QuerySet[TagImplication]:
        """Those of the tag, and of the alias that was typed.

        Danbooru looks for the text as it was typed, so `nuke Foo` leaves the implications of foo, which then
        add the tag again (behaviour M.5).
        """
        tag = self._search.simple_tag
        names = [] if tag is None else [tag, normalize_tag_name(self.target)]
        return TagImplication.objects.active().filter(
            Q(antecedent_name__in=names) | Q(consequent_name__in=names)
        )

    def _problem(self, search: SearchQuery, picture: Picture) -> str:
        if search.is_null:
            return f"the search {{{{{search}}}}} has a syntax error"
        if (pool := search.metatag("pool")) is not None:
            return "" if pool in picture.pools else "pool doesn't exist"
        return nuke_problem(self.target, search, picture)
