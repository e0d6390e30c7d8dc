"""Takes back the aliases and implications that a request made, and restores those that it removed."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Q

from booru.models import Credit, TagAlias, TagImplication
from booru.models.tag_relationships.tag_relationship import TagRelationship, lock_tag_relationships

if TYPE_CHECKING:
    from collections.abc import Iterator

    from booru.models import BulkUpdateRequest, BulkUpdateRequestRevert


def undo_relationships(revert: BulkUpdateRequestRevert) -> None:
    """All that were made go before any comes back, which one of those may stand in the way of."""
    bur = revert.bulk_update_request
    credit = Credit(revert.reverter, bur)
    for relationship in _made_by(bur):
        relationship.reject(credit)
    for relationship in _removed_by(bur):
        if reasons := _restore(relationship):
            kind = relationship._meta.verbose_name
            antecedent, consequent = relationship.antecedent_name, relationship.consequent_name
            revert.note(f"the {kind} [[{antecedent}]] -> [[{consequent}]] stays removed: {reasons}")


def _made_by(bur: BulkUpdateRequest) -> Iterator[TagRelationship]:
    yield from TagAlias.objects.active().filter(created_by_request=bur).order_by("id")
    yield from TagImplication.objects.active().filter(created_by_request=bur).order_by("id")


def _removed_by(bur: BulkUpdateRequest) -> Iterator[TagRelationship]:
    """Those that were there before the request."""
    removed = Q(removed_by_request=bur, status=TagRelationship.Status.DELETED)
    yield from TagAlias.objects.filter(removed).exclude(created_by_request=bur).order_by("id")
    yield from TagImplication.objects.filter(removed).exclude(created_by_request=bur).order_by("id")


@transaction.atomic
def _restore(relationship: TagRelationship) -> str:
    """Make it active again, unless a rule is against it; the broken rules."""
    lock_tag_relationships()
    relationship.status = TagRelationship.Status.ACTIVE
    relationship.removed_by_request = None
    try:
        relationship.validate()
    except ValidationError as error:
        return "; ".join(error.messages)
    if _is_in_conflict(relationship):
        return "an implication connects the two"
    relationship.save(update_fields=["status", "removed_by_request", "updated_at"])
    return ""


def _is_in_conflict(relationship: TagRelationship) -> bool:
    """An alias that is made anew removes implications between its tags; one that comes back respects them."""
    if not isinstance(relationship, TagAlias):
        return False
    names = [relationship.antecedent_name, relationship.consequent_name]
    between = TagImplication.objects.active().filter(antecedent_name__in=names, consequent_name__in=names)
    return between.exists()
