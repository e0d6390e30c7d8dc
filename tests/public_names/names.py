"""The public names of today, kind by kind, read from the code."""

from __future__ import annotations

import argparse
import ast
import importlib
import pkgutil
import re
from pathlib import Path
from types import ModuleType
from typing import TYPE_CHECKING, Any

from django.apps import apps
from django.conf import settings
from django.core.management import BaseCommand, CommandParser, get_commands, load_command_class
from django.urls import URLResolver, get_resolver

import booru
import jobs
import mailers
from booru.web.api.permissions import all_permissions
from jobs.engine.base import Job
from jobs.engine.cron import entries

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

ROOT = Path(settings.BASE_DIR)
PACKAGES = (booru, jobs, mailers)
OURS = tuple(f"{package.__name__}." for package in PACKAGES)
_SIGNING = ("salted_hmac", "Signer", "TimestampSigner", "dumps", "loads", "HKDF")
_SETTING = re.compile(r'(?:settings\.|["\'])((?:DANBOORU|JOBS|MAIL|SMTP|LOG)_[A-Z_]*[A-Z])\b')
_READ = re.compile(r'env(?:\.\w+)?\(\s*"([A-Z_]+)"|(?:environ|getenv|secret_of)\W*[.\w(]*\[?"([A-Z][A-Z_]+)"')


def all_names() -> dict[str, Callable[[], Iterable[str]]]:
    return {
        "api_permissions": all_permissions,
        "checks": lambda: _matches(r'id="((?:jobs|booru|mailers)\.[EW]\d+)"'),
        "commands": _commands,
        "cookies": _cookies,
        "errors": lambda: {error.__name__ for error in _subclasses(Exception) if error.__name__[0] != "_"},
        "headers": lambda: _matches(r"\bX-[A-Z][A-Za-z-]*[A-Za-z](?![A-Za-z-])"),
        "job_classes": lambda: {job.path() for job in _subclasses(Job)},
        "log_fields": lambda: re.findall(r"{(\w+)}", settings.LOGGING["formatters"]["json"]["fmt"]),
        "loggers": lambda: {name for call in _calls("getLogger") for name in _literals(call.args[:1])},
        "migrations": _imports_of_migrations,
        "salts": _salts,
        "schedule": lambda: (entry.key for entry in entries()),
        "settings": _settings,
        "settings_paths": lambda: re.findall(r'"((?:jobs|mailers)\.[\w.]+)"', _settings_source()),
        "tables": lambda: (model._meta.db_table for model in apps.get_models() if _is_ours(model)),
        "templates": _templates,
        "urls": lambda: set(_urls(get_resolver(), "")),
    }


def _modules() -> Iterator[ModuleType]:
    for package in PACKAGES:
        yield package
        for found in pkgutil.walk_packages(package.__path__, f"{package.__name__}."):
            if not found.name.endswith(".__main__"):
                yield importlib.import_module(found.name)


def _subclasses(base: type) -> Iterator[type[Any]]:
    modules = {module.__name__ for module in _modules()}
    waiting, seen = [base], set()
    while waiting:
        for one in waiting.pop().__subclasses__():
            if one not in seen:
                seen.add(one)
                waiting.append(one)
                # No DoesNotExist of a model, and nothing that a test has made.
                if one.__module__ in modules and "." not in one.__qualname__:
                    yield one


def _is_ours(one: type) -> bool:
    return f"{one.__module__}.".startswith(OURS)


def _sources(*, migrations: bool = False) -> Iterator[str]:
    for package in PACKAGES:
        for path in sorted((ROOT / package.__name__).rglob("*.py")):
            if ("migrations" in path.parts) == migrations:
                yield path.read_text(encoding="utf-8")


def _matches(pattern: str) -> set[str]:
    return {name for source in _sources() for name in re.findall(pattern, source)}


def _calls(*names: str) -> Iterator[ast.Call]:
    for source in _sources():
        for node in ast.walk(ast.parse(source)):
            if isinstance(node, ast.Call) and ast.unparse(node.func).rpartition(".")[2] in names:
                yield node


def _literals(nodes: Iterable[ast.expr]) -> Iterator[str]:
    """What is written there: a text, or with {} where something is put in; else the expression itself."""
    for node in nodes:
        if isinstance(node, ast.Constant):
            yield str(node.value)
        elif isinstance(node, ast.JoinedStr):
            parts = (str(part.value) if isinstance(part, ast.Constant) else "{}" for part in node.values)
            yield "".join(parts)
        else:
            yield f"({ast.unparse(node)})"


def _salts() -> set[str]:
    found = set()
    for call in _calls(*_SIGNING):
        name = ast.unparse(call.func).rpartition(".")[2]
        salts = [word.value for word in call.keywords if word.arg in {"salt", "info"}]
        found |= set(_literals(salts or (call.args[:1] if name == "salted_hmac" else [])))
    named = re.compile(r'^_(?:SALT|PURPOSE) = b?"([^"]+)"', re.MULTILINE)
    found |= {salt for source in _sources() for salt in named.findall(source)}
    return {salt for salt in found if salt not in {"(_SALT)", "(_PURPOSE)", "None"}}


def _cookies() -> set[str]:
    named = _matches(r'^_?COOKIE = "([^"]+)"') | _matches(r'\n_?COOKIE = "([^"]+)"')
    return {settings.SESSION_COOKIE_NAME, settings.CSRF_COOKIE_NAME, *named}


def _commands() -> Iterator[str]:
    """Each command, its subcommands and options; of those that Django and django-q2 have, too, the name."""
    general = {
        name for action in _actions(BaseCommand().create_parser("", "")) for name in action.option_strings
    }
    for name, app in get_commands().items():
        if f"{app}.".startswith(OURS):
            yield name
            command = load_command_class(app, name)
            if type(command).__mro__[1] is BaseCommand:
                yield from _words(command.create_parser("", name), name, general)


def _words(parser: CommandParser, name: str, general: set[str]) -> Iterator[str]:
    for action in _actions(parser):
        for option in set(action.option_strings) - general:
            yield f"{name} {option}"
        if isinstance(action, argparse._SubParsersAction):
            for word, inner in action.choices.items():
                yield f"{name} {word}"
                yield from _words(inner, f"{name} {word}", general)


def _actions(parser: CommandParser) -> list[argparse.Action]:
    return parser._actions


def _settings() -> set[str]:
    read = {name for source in _sources() for pair in _READ.findall(source) for name in pair if name}
    return read | {name for source in _sources() for name in _SETTING.findall(source)}


def _settings_source() -> str:
    return (ROOT / "booru" / "settings.py").read_text(encoding="utf-8")


def _imports_of_migrations() -> Iterator[str]:
    """Dotted names of ours that migrations use."""
    for source in _sources(migrations=True):
        tree = ast.parse(source)
        imported = {one.name for node in ast.walk(tree) if isinstance(node, ast.Import) for one in node.names}
        for node in ast.walk(tree):
            name = ast.unparse(node) if isinstance(node, ast.Attribute) else ""
            if isinstance(node, ast.ImportFrom) and f"{node.module}.".startswith(OURS):
                yield from (f"{node.module}.{one.name}" for one in node.names)
            elif name.startswith(OURS) and name.rpartition(".")[0] in imported and name not in imported:
                yield name


def _templates() -> Iterator[str]:
    """Those of the dashboard and of the emails, which projects override, and its static files."""
    for folder in ("templates", "jobs/engine/templates", "jobs/engine/static"):
        for path in (ROOT / folder).rglob("*"):
            if path.is_file() and (folder != "templates" or path.parent.name == "user_mailer"):
                yield path.relative_to(ROOT / folder).as_posix()


def _urls(resolver: URLResolver, namespace: str) -> Iterator[str]:
    for pattern in resolver.url_patterns:
        if isinstance(pattern, URLResolver):
            inner = f"{namespace}{pattern.namespace}:" if pattern.namespace else namespace
            yield from _urls(pattern, inner)
        elif pattern.name:
            yield f"{namespace}{pattern.name}"
