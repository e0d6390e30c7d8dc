"""Commands as pages show them: their tags as links in the colours of their categories."""

from __future__ import annotations

from typing import TYPE_CHECKING

from booru import dtext
from booru.services.tags.link_categories import link_categories

if TYPE_CHECKING:
    from collections.abc import Iterable

    from django.utils.safestring import SafeString

    from booru.bulk_update.kinds.command import Command
    from booru.models import BulkUpdateRequest


def shown_commands(commands: Iterable[Command]) -> list[SafeString]:
    """The HTML of each command; the tags of all are looked up at once."""
    return _shown(command.dtext or command.line for command in commands)


def shown_scripts(requests: Iterable[BulkUpdateRequest]) -> list[SafeString]:
    """The HTML of each request's script; the tags of all are looked up at once."""
    return _shown(request.script_dtext for request in requests)


def _shown(texts: Iterable[str]) -> list[SafeString]:
    texts = list(texts)
    categories = link_categories(texts)
    return [dtext.render(text, categories=categories) for text in texts]
