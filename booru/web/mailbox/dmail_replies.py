"""What the form holds when a dmail is replied to or forwarded (behaviour E.6)."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from booru.models import Dmail


def reply_values(original: Dmail, *, forward: bool) -> dict[str, str]:
    """Title, recipient and quoted body; a forward leaves the recipient open."""
    title = original.title if "Re:" in original.title else f"Re: {original.title}"
    quoted = f"{original.from_user.pretty_name} said:\n\n{original.body}"
    return {
        "to_name": "" if forward else original.from_user.name,
        "title": title,
        "body": f"[quote]\n{quoted}\n[/quote]\n\n",
    }
