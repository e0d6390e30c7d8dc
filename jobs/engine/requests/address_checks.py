"""Where the settings hide the addresses of visitors, or let visitors choose them; limits go by addresses."""

from __future__ import annotations

import argparse
import os
import shlex
from collections.abc import Iterable, Sequence
from contextlib import suppress
from ipaddress import ip_address
from typing import Any

from django.apps import AppConfig
from django.conf import settings
from django.core.checks import CheckMessage, Error, Tags, Warning, register  # noqa: A004 -- Django's name


@register(Tags.security)
def check_addresses(
    app_configs: Sequence[AppConfig] | None,  # noqa: ARG001 -- Django's signature
    **kwargs: Any,  # noqa: ARG001
) -> list[CheckMessage]:
    """What can be told of it before the web server runs."""
    return address_problems(_binds_of_gunicorn())


def address_problems(binds: Iterable[str]) -> list[CheckMessage]:
    """`binds` are what the web server listens on, as gunicorn writes it: "unix:/run/site", "0.0.0.0:8000"."""
    proxies = getattr(settings, "JOBS_TRUSTED_PROXIES", 0)
    if not isinstance(proxies, int) or proxies < 0:
        hint = "Set it to the number of reverse proxies in front of the site; 0 for none."
        return [Error(f"JOBS_TRUSTED_PROXIES is {proxies!r}.", hint=hint, id="jobs.E007")]
    return list(_forgeable(binds) if proxies else _hidden(binds))


def _hidden(binds: Iterable[str]) -> Iterable[CheckMessage]:
    hint = "Set JOBS_TRUSTED_PROXIES to the number of reverse proxies that add to X-Forwarded-For."
    if any(bind.startswith("unix:") for bind in binds):
        problem = (
            "On a unix socket no visitor has an address: all who are not logged in share one rate limit."
        )
        yield Warning(problem, hint=hint, id="jobs.W001")
    if getattr(settings, "SECURE_PROXY_SSL_HEADER", None):
        problem = (
            "A proxy ends TLS (SECURE_PROXY_SSL_HEADER), and its address is taken for that of every visitor: "
            "they share one rate limit."
        )
        yield Warning(problem, hint=hint, id="jobs.W002")


def _forgeable(binds: Iterable[str]) -> Iterable[CheckMessage]:
    if open_to_others := [bind for bind in binds if not _is_local(bind)]:
        problem = (
            f"The web server listens on {', '.join(open_to_others)} and believes X-Forwarded-For: whoever "
            "reaches it without the proxy chooses the address, and the X-Request-Id, that they are known by."
        )
        hint = "Let it listen on 127.0.0.1 or a unix socket, or let only the proxy through to it."
        yield Warning(problem, hint=hint, id="jobs.W003")


def _is_local(bind: str) -> bool:
    if bind.startswith(("unix:", "fd:")):
        return True
    host = bind.removeprefix("http://").removeprefix("https://").rpartition(":")[0].strip("[]")
    with suppress(ValueError):
        return ip_address(host).is_loopback
    return host == "localhost"


def _binds_of_gunicorn() -> list[str]:
    """What the environment tells gunicorn; its own start looks at the rest."""
    parser = argparse.ArgumentParser(add_help=False, exit_on_error=False, allow_abbrev=False)
    parser.add_argument("-b", "--bind", action="append", default=[])
    with suppress(ValueError, argparse.ArgumentError):
        known, _ = parser.parse_known_args(shlex.split(os.environ.get("GUNICORN_CMD_ARGS", "")))
        return list(known.bind)
    return []
