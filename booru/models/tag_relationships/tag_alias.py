"""Tag aliases: one name stands for another (behaviour B.2)."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from django.core.exceptions import NON_FIELD_ERRORS
from django.db.models import Q

from booru.models.accounts.user import User
from booru.models.mod_action import ModAction
from booru.models.tag_relationships.tag_implication import TagImplication
from booru.models.tag_relationships.tag_relationship import (
    TagRelationship,
    TagRelationshipManager,
    ValidationContext,
)
from booru.models.tags.tag_abbreviations import tags_abbreviated
from booru.models.versions.credit import Credit

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

TAKEN = "has already been taken"


def already_aliased(name: str, target: str) -> str:
    return f"{name} is already aliased to {target}"


class TagAliasManager(TagRelationshipManager["TagAlias"]):
    def to_aliased(self, names: Iterable[str]) -> list[str]:
        """The names in the same order, aliases and abbreviations such as `/hr` replaced."""
        names = list(names)
        targets = self.targets(names)
        abbreviated = tags_abbreviated(name for name in names if name not in targets)
        return [targets.get(name) or abbreviated.get(name, name) for name in names]

    def targets(self, names: Iterable[str]) -> dict[str, str]:
        """What the active aliases turn these names into; names without an alias are left out."""
        aliases = self.active().filter(antecedent_name__in=list(names)).order_by("id")
        return dict(aliases.values_list("antecedent_name", "consequent_name"))

    def moved_on(self, old: str, new: str) -> str | None:
        """What both names are aliases of: that `old` became `new` was done, and then `new` became this."""
        targets = self.targets([old, new])
        return targets[new] if len(targets) == 2 and targets[old] == targets[new] else None


class TagAlias(TagRelationship):
    deletion_category = ModAction.Category.TAG_ALIAS_DELETE

    objects: ClassVar[TagAliasManager] = TagAliasManager()

    class Meta(TagRelationship.Meta):
        db_table = "tag_aliases"

    def problems(self, context: ValidationContext) -> Iterator[tuple[str, str]]:
        yield from super().problems(context)
        if self.is_rejected:
            return
        # Not when a request is approved, so that one that failed half-way can be approved again.
        if context is not ValidationContext.APPROVAL and self._is_taken():
            yield "antecedent_name", TAKEN
        target = TagAlias.objects.targets([self.consequent_name]).get(self.consequent_name)
        if target is not None and target != self.antecedent_name:
            yield NON_FIELD_ERRORS, already_aliased(self.consequent_name, target)

    def _is_taken(self) -> bool:
        others = TagAlias.objects.active().exclude(pk=self.pk)
        return others.filter(antecedent_name=self.antecedent_name).exists()

    def remove_conflicts(self) -> None:
        """An alias takes the place of the reverse alias and of implications between the two tags."""
        credit = Credit(User.objects.system(), self.created_by_request)
        there = Q(antecedent_name=self.antecedent_name, consequent_name=self.consequent_name)
        back = Q(antecedent_name=self.consequent_name, consequent_name=self.antecedent_name)
        for alias in TagAlias.objects.active().filter(back):
            alias.reject(credit)
        for implication in TagImplication.objects.active().filter(there | back):
            implication.reject(credit)
