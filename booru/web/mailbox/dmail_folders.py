"""The folders of a mailbox as tabs, with how much is in each (behaviour E.6)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING
from urllib.parse import urlencode

from django.urls import reverse

from booru.models import Dmail

if TYPE_CHECKING:
    from collections.abc import Mapping

    from booru.models import User

_FOLDERS = {"all": "All", "received": "Received", "unread": "Unread", "sent": "Sent", "deleted": "Deleted"}


@dataclass(frozen=True)
class FolderTab:
    name: str
    label: str
    url: str
    count: int
    is_current: bool


def folder_tabs(owner: User, params: Mapping[str, str]) -> list[FolderTab]:
    """One for each folder; the one that is looked at is the current one, `all` when it is none of them."""
    folder = params.get("folder", "")
    current = folder if folder in _FOLDERS else "all"
    counts = Dmail.objects.count_by_folder(owner)
    return [
        FolderTab(name, label, _url(name), counts[name], name == current) for name, label in _FOLDERS.items()
    ]


def _url(folder: str) -> str:
    query = "" if folder == "all" else f"?{urlencode({'search[folder]': folder})}"
    return f"{reverse('dmails')}{query}"
