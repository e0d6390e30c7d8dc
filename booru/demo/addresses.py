"""Where to go and who to be."""

from __future__ import annotations

from typing import TYPE_CHECKING

from booru.seeds.people import ADMIN, BUILDER, FRIEND, LEVELS, MEMBER
from booru.visitors.reach import SEED_PASSWORD

if TYPE_CHECKING:
    from booru.demo.terminal import Terminal


def show_addresses(terminal: Terminal, site: str, inbox: str) -> None:
    terminal.title("Look around")
    terminal.pairs([("the site", site), ("its jobs", f"{site}/jobs"), ("the inbox", inbox)])
    terminal.title(f"Log in, with the password {SEED_PASSWORD}, as")
    best_known = (ADMIN, BUILDER, MEMBER, FRIEND)
    terminal.pairs([(name, LEVELS[name].label) for name in best_known])
    terminal.detail(f"or {', '.join(name for name in LEVELS if name not in best_known)}")
    terminal.title("Ctrl-C stops everything.")
