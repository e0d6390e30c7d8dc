"""What a request did that leaves no trace to go back by: it is said, so that a person can look after it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from booru.bulk_update.commands.create_alias import CreateAlias
from booru.bulk_update.commands.mass_update import MassUpdate
from booru.bulk_update.commands.rename import Rename
from booru.models import SavedSearch, User
from booru.posts.tag_edits.tag_edit import TagEdit

if TYPE_CHECKING:
    from collections.abc import Iterator

    from booru.bulk_update.kinds.command import Command
    from booru.models import BulkUpdateRequestRevert

# The others are in the versions of pools and posts.
_TRACELESS = {
    "fav",
    "-fav",
    "upvote",
    "downvote",
    "favgroup",
    "-favgroup",
    "disapproved",
    "status",
    "-status",
}


def note_leftovers(revert: BulkUpdateRequestRevert) -> None:
    for command in revert.bulk_update_request.processor.commands:
        for leftover in _leftovers(command):
            revert.note(leftover)


def _leftovers(command: Command) -> Iterator[str]:
    if isinstance(command, MassUpdate):
        actions = {action.name for action in TagEdit.parse(command.edit).actions} & _TRACELESS
        if actions:
            names = ", ".join(f"{name}:" for name in sorted(actions))
            yield f"what {names} did in {command.dtext} stays done"
    if isinstance(command, CreateAlias | Rename):
        old, new = command.old, command.new
        if SavedSearch.objects.naming(new).exists() or User.objects.blacklisting(new).exists():
            yield f"saved searches and blacklists that named [[{old}]] name [[{new}]] now"
