"""`[bur:1]`, `[ta:1]` and `[ti:1]` in forum posts: requests, aliases, implications (behaviour A.10)."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from booru import dtext
from booru.models import BulkUpdateRequest, TagAlias, TagImplication
from booru.models.tag_relationships.tag_relationship import TagRelationship
from booru.services.tags.link_categories import link_categories

if TYPE_CHECKING:
    from collections.abc import Iterable

    from django.utils.safestring import SafeString

_EMBED = re.compile(r"\[(bur|ta|ti):([0-9]{1,18})\]", re.IGNORECASE)
_LONG_SCRIPT = 700  # characters; a longer one is folded away
_KINDS = {"bur": "bulk update request", "ta": "tag alias", "ti": "tag implication"}
_STATES = {
    BulkUpdateRequest.Status.APPROVED: "has been approved by <@{approver}>.",
    BulkUpdateRequest.Status.PENDING: "is pending approval.",
    BulkUpdateRequest.Status.REJECTED: "has been rejected.",
    BulkUpdateRequest.Status.PROCESSING: "is being processed.",
    BulkUpdateRequest.Status.FAILED: "has failed.",
}
_RELATIONSHIP_STATES = {
    TagRelationship.Status.ACTIVE: "has been approved.",
    TagRelationship.Status.RETIRED: "has been retired.",
    TagRelationship.Status.DELETED: "has been rejected.",
}


class Embeds:
    """Renders bodies with what they embed, one query a kind, and the tags of it all with another."""

    def __init__(self, bodies: Iterable[str]) -> None:
        ids: dict[str, set[int]] = {kind: set() for kind in _KINDS}
        for body in bodies:
            for kind, number in _EMBED.findall(body):
                ids[kind.lower()].add(int(number))
        self._texts = _texts(ids)
        self._categories = link_categories(self._texts.values())

    def render(self, body: str) -> SafeString:
        return dtext.render(body, embed=self._embed, categories=self._categories)

    def _embed(self, kind: str, record_id: int) -> str | None:
        if kind not in _KINDS:
            return None
        return self._texts.get((kind, record_id), f"{_KINDS[kind]} #{record_id} does not exist.")


def _texts(ids: dict[str, set[int]]) -> dict[tuple[str, int], str]:
    texts: dict[tuple[str, int], str] = {}
    if ids["bur"]:
        burs = BulkUpdateRequest.objects.select_related("approver").in_bulk(ids["bur"])
        texts |= {("bur", pk): embed_text(bur) for pk, bur in burs.items()}
    if ids["ta"]:
        aliases = TagAlias.objects.in_bulk(ids["ta"])
        texts |= {("ta", pk): _relationship_text("ta", alias) for pk, alias in aliases.items()}
    if ids["ti"]:
        implications = TagImplication.objects.in_bulk(ids["ti"])
        texts |= {("ti", pk): _relationship_text("ti", one) for pk, one in implications.items()}
    return texts


def embed_text(bur: BulkUpdateRequest) -> str:
    """The DText that stands for the request."""
    state = _STATES[BulkUpdateRequest.Status(bur.status)]
    if bur.approver:
        state = state.format(approver=bur.approver.name)
    script = bur.script_dtext
    if len(bur.script) >= _LONG_SCRIPT:
        script = f"[expand]\n{script}\n[/expand]"
    return f"BUR #{bur.pk} {state}\n\n{script}"


def _relationship_text(kind: str, one: TagRelationship) -> str:
    pair = f"[[{one.antecedent_name}]] -> [[{one.consequent_name}]]"
    state = _RELATIONSHIP_STATES[TagRelationship.Status(one.status)]
    return f"{_KINDS[kind]} #{one.pk} {pair} {state}"
