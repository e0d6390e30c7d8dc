"""`[bur:<id>]` in a forum post: the request's state and its script (behaviour A.10)."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from booru import dtext
from booru.models import BulkUpdateRequest
from booru.services.link_categories import link_categories

if TYPE_CHECKING:
    from collections.abc import Iterable

    from django.utils.safestring import SafeString

_EMBED = re.compile(r"\[bur:([0-9]{1,18})\]")
_LONG_SCRIPT = 700  # characters; a longer one is folded away
_STATES = {
    BulkUpdateRequest.Status.APPROVED: "has been approved by <@{approver}>.",
    BulkUpdateRequest.Status.PENDING: "is pending approval.",
    BulkUpdateRequest.Status.REJECTED: "has been rejected.",
    BulkUpdateRequest.Status.PROCESSING: "is being processed.",
    BulkUpdateRequest.Status.FAILED: "has failed.",
}


class BulkUpdateRequestEmbeds:
    """Renders bodies with their requests, which are all read with one query, and their tags with another."""

    def __init__(self, bodies: Iterable[str]) -> None:
        ids = {int(number) for body in bodies for number in _EMBED.findall(body)}
        burs = BulkUpdateRequest.objects.select_related("approver").in_bulk(ids) if ids else {}
        self._texts = {pk: embed_text(bur) for pk, bur in burs.items()}
        self._categories = link_categories(self._texts.values())

    def render(self, body: str) -> SafeString:
        return dtext.render(body, embed=self._embed, categories=self._categories)

    def _embed(self, kind: str, record_id: int) -> str | None:
        if kind != "bur":
            return None
        return self._texts.get(record_id, f"bulk update request #{record_id} does not exist.")


def embed_text(bur: BulkUpdateRequest) -> str:
    """The DText that stands for the request."""
    state = _STATES[BulkUpdateRequest.Status(bur.status)]
    if bur.approver:
        state = state.format(approver=bur.approver.name)
    script = bur.script_dtext
    if len(bur.script) >= _LONG_SCRIPT:
        script = f"[expand]\n{script}\n[/expand]"
    return f"BUR #{bur.pk} {state}\n\n{script}"
