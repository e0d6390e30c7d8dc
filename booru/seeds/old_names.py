"""Keeps work for bulk update requests: posts under names that should be aliases."""

from __future__ import annotations

from typing import TYPE_CHECKING

from booru.models import Tag, TagAlias

if TYPE_CHECKING:
    from collections.abc import Sequence

    from booru.seeds.tag_source import OldName

# The first few are for the requests that wait on the site; the demonstration takes the others.
WAITING = 6


def not_yet_aliased(pairs: Sequence[OldName]) -> list[OldName]:
    """The pairs that a request could make an alias of."""
    aliased = TagAlias.objects.targets([name for pair in pairs for name in (pair.old, pair.new)])
    return [pair for pair in pairs if pair.old not in aliased and pair.new not in aliased]


def with_posts(pairs: Sequence[OldName]) -> list[OldName]:
    """Those whose old name is on posts."""
    names = [pair.old for pair in pairs]
    used = set(Tag.objects.filter(name__in=names, post_count__gt=0).values_list("name", flat=True))
    return [pair for pair in pairs if pair.old in used]


def retire_oldest(pairs: Sequence[OldName], number: int) -> None:
    """Give up the aliases of pairs that were made first, so that they can be asked for once more."""
    here = {(pair.old, pair.new) for pair in pairs}
    aliases = TagAlias.objects.active().filter(antecedent_name__in=[pair.old for pair in pairs])
    made = [
        alias for alias in aliases.order_by("id") if (alias.antecedent_name, alias.consequent_name) in here
    ]
    for alias in made[:number]:
        alias.status = TagAlias.Status.RETIRED
        alias.save(update_fields=["status", "updated_at"])
