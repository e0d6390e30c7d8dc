"""Finds the commands that README, CONTRIBUTING and docs/ tell people to type."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent.parent
FENCE = re.compile(r"^ *```(\w*)\n(.*?)^ *```$", re.MULTILINE | re.DOTALL)
_INLINE = re.compile(r"`([^`\n]+)`")
# VAR=value words may stand before the program.
_VARIABLE = re.compile(r"[A-Z_]+=\S*$")
_PROGRAMS = re.compile(
    r"(python\d?|pip|pytest|manage\.py|gunicorn|curl|uv|docker|psql|\.ci/run|(\.venv/)?bin/[\w.-]+|benchmarks/\w+\.py)$"
)


def documents() -> list[Path]:
    return [ROOT / "README.md", ROOT / "CONTRIBUTING.md", *sorted((ROOT / "docs").rglob("*.md"))]


def documented_commands() -> list[str]:
    """Each command once, in the order of reading."""
    found = (command for document in documents() for command in commands_in(document.read_text()))
    return list(dict.fromkeys(found))


def commands_in(text: str) -> Iterator[str]:
    """The lines of shell blocks, behind the block's exports, and what reads like a command in a sentence."""
    for language, block in FENCE.findall(text):
        if language in {"sh", "bash", "shell", "console"}:
            yield from _lines(block)
    yield from filter(is_command, _INLINE.findall(FENCE.sub("", text)))


def is_command(code: str) -> bool:
    words = [word for word in code.split() if not _VARIABLE.match(word)]
    return bool(words) and _PROGRAMS.match(words[0]) is not None


def _lines(block: str) -> Iterator[str]:
    exports: list[str] = []
    for line in re.sub(r"\s*\\\n\s*", " ", block).splitlines():
        command = re.sub(r"(^|\s+)#.*", "", line).strip().removeprefix("$ ")
        if command.startswith("export "):
            exports.append(command)
        elif command:
            yield "; ".join([*exports, command])
