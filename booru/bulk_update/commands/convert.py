"""`convert tag -> pool` and `convert pool -> tag`: the posts of one become the posts of the other."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from booru.bulk_update.checking.rehearsal import Refused
from booru.bulk_update.checking.subjects import Subjects
from booru.bulk_update.kinds.command import Command, line_shape
from booru.bulk_update.kinds.conversions import PoolToTag, TagToPool
from booru.bulk_update.waiting.touched import Touched
from booru.search.language import SearchQuery

if TYPE_CHECKING:
    from booru.bulk_update.checking.picture import Picture
    from booru.bulk_update.kinds.command import PlannedEdit
    from booru.bulk_update.run import Run
    from booru.models.tag_relationships.tag_relationship import ValidationContext


@dataclass(frozen=True)
class Convert(Command):
    """Both sides are kept as they were typed; the first ` -> ` parts them."""

    left: str
    right: str

    shape = line_shape(r"convert (?P<left>.+?) -> (?P<right>.*)")

    @property
    def subjects(self) -> Subjects:
        if (conversion := self._conversion) is None:
            return Subjects(tags=frozenset(self._typed_tags))
        tag = frozenset({conversion.typed_tag})
        return Subjects(tags=tag, described=tag, pools=frozenset({conversion.pool_name}))

    def problem(self, context: ValidationContext, picture: Picture) -> str | None:  # noqa: ARG002
        conversion = self._conversion
        return conversion.problem(picture) if conversion else "convert takes exactly one pool and one tag"

    def rehearse(self, picture: Picture) -> None:
        if isinstance(conversion := self._conversion, PoolToTag) and (problem := conversion.problem(picture)):
            raise Refused(problem)

    def process(self, run: Run) -> None:
        conversion = self._conversion
        if conversion is None:
            raise ValueError("convert takes exactly one pool and one tag")
        conversion.process(run)

    def planned_edits(self) -> list[PlannedEdit]:
        return self._conversion.planned_edits() if self._conversion else []

    def touched_records(self) -> dict[str, int]:
        return {"pools": 1, "wiki pages": 1} if self._conversion else {}

    @property
    def dtext(self) -> str:
        """In Danbooru an illegal pair is not shown, and two of them are called duplicates (behaviour M.6)."""
        conversion = self._conversion
        links = conversion.links if conversion else f"{{{{{self.left}}}}} -> {{{{{self.right}}}}}"
        return f"convert {links}"

    def affected_tags(self, picture: Picture) -> list[str]:
        return [picture.to_aliased(name) for name in self._typed_tags]

    @property
    def touched(self) -> Touched:
        conversion = self._conversion
        if conversion is None:
            return Touched()
        tag, pool = frozenset({conversion.typed_tag}), frozenset({conversion.pool_name})
        if isinstance(conversion, TagToPool):
            return Touched(tags=tag, pools=pool)
        # The posts of a pool are not found by the tag that they do not have yet.
        return Touched(tags=tag, given=tag, pools=pool, is_bounded=False)

    @property
    def _typed_tags(self) -> list[str]:
        return [*SearchQuery.parse(self.left).tag_names, *SearchQuery.parse(self.right).tag_names]

    @property
    def _conversion(self) -> TagToPool | PoolToTag | None:
        left, right = SearchQuery.parse(self.left), SearchQuery.parse(self.right)
        if left.simple_tag is not None and (pool := right.metatag("pool")) is not None:
            return TagToPool(left.simple_tag, pool, self.right)
        if right.simple_tag is not None and (pool := left.metatag("pool")) is not None:
            return PoolToTag(right.simple_tag, pool, self.left)
        return None
