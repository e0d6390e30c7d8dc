"""What the commands that move a tag have in common."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from typing import TYPE_CHECKING

from django.db.models import Q

from booru.bulk_update.kinds.approval_levels import level_for_moving
from booru.bulk_update.kinds.command import PlannedEdit
from booru.bulk_update.kinds.tag_pair import TagPairCommand
from booru.bulk_update.waiting.touched import Touched
from booru.models import Artist, Pool, SavedSearch, TagAlias, TagImplication, User, WikiPage
from booru.posts.editing.editor import PostEditor
from booru.rules.tag_names import COSPLAY, STYLE
from booru.services.tags.tag_mover import TagMover

if TYPE_CHECKING:
    from collections.abc import Mapping

    from booru.bulk_update.checking.picture import TagFacts
    from booru.bulk_update.checking.subjects import Subjects
    from booru.models import Level


class TagMoveCommand(TagPairCommand):
    """Everything that the old tag has becomes the new tag's."""

    @property
    def subjects(self) -> Subjects:
        return replace(super().subjects, moved=((self.old, self.new),))

    def approval_level(self, tags: Mapping[str, TagFacts]) -> Level:
        return level_for_moving(self.old, self.new, tags)

    @property
    def touched(self) -> Touched:
        """With the cosplay tag and the style tag of both, which move along."""
        variants = frozenset(name + suffix for name in (self.old, self.new) for suffix in (COSPLAY, STYLE))
        return super().touched | Touched(tags=variants)

    def planned_edits(self) -> list[PlannedEdit]:
        return _edits(self._mover)

    def touched_records(self) -> dict[str, int]:
        return dict(_records(self._mover))

    @property
    def _mover(self) -> TagMover:
        return TagMover(self.old, self.new, PostEditor(User.objects.system()))


def _edits(mover: TagMover) -> list[PlannedEdit]:
    variants = [edit for variant in mover.variants() for edit in _edits(variant)]
    return [*variants, PlannedEdit(mover.posts(), mover.edit)]


def _records(mover: TagMover) -> Counter[str]:
    """What the move changes beside posts, with the cosplay tag and the style tag."""
    old = mover.old
    either = Q(antecedent_name=old) | Q(consequent_name=old)
    own = Counter(
        {
            "aliases": TagAlias.objects.active().filter(consequent_name=old).count(),
            "implications": TagImplication.objects.active().filter(either).count(),
            "wiki pages": WikiPage.objects.touched_by_rename(old).count(),
            "pools": Pool.objects.linking_to(old).count(),
            "artists": Artist.objects.filter(name=old, is_deleted=False).count(),
            "saved searches": SavedSearch.objects.naming(old).count(),
            "blacklists": User.objects.blacklisting(old).count(),
        }
    )
    return sum((_records(variant) for variant in mover.variants()), start=own)
