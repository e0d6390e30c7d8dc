"""Commands as pages show them: their tags as links in the colours of their categories."""

from __future__ import annotations

from typing import TYPE_CHECKING

from booru import dtext
from booru.services.link_categories import link_categories

if TYPE_CHECKING:
    from collections.abc import Iterable

    from django.utils.safestring import SafeString

    from booru.bulk_update.command import Command


def shown_commands(commands: Iterable[Command]) -> list[SafeString]:
    """The HTML of each command; the tags of all are looked up at once."""
    texts = [command.dtext or command.line for command in commands]
    categories = link_categories(texts)
    return [dtext.render(text, categories=categories) for text in texts]
