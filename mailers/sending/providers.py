"""The providers of django-anymail, as URLs: `anymail+<provider>://user:password@host?setting=value`.

    amazon_ses     access key id : secret key @ region; without them, boto3 finds its own; needs
                   `pip install "django-anymail[amazon-ses]"`
    brevo          API key @
    mailersend     API token @
    mailgun        API key @ the domain that you send from
    mailjet        API key : secret key @
    mailtrap       API token @                  ?sandbox_id=
    mandrill       API key @
    postal         API key @ your Postal host
    postmark       server token @               ?message_stream=
    resend         API key @
    scaleway       project id : secret key @ region
    sendgrid       API key @
    sparkpost      API key @                    ?subaccount=
    unisender_go   API key @ the API's host
    test           (for tests: sends nothing)

The "@" stays when no host follows. Every other setting of the provider goes into the query under its name in
Anymail's documentation, without the provider's prefix and in lower case: `?api_url=https://api.eu.mailgun.net/v3`.
`ignore_unsupported_features`, `requests_timeout` and `debug_api_requests` are Anymail's own.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from importlib.util import find_spec
from typing import Any

_ANYMAIL_OWN = frozenset({"ignore_unsupported_features", "requests_timeout", "debug_api_requests"})
_OPTION_NAME = re.compile(r"[a-z][a-z_]*")


class BadProvider(Exception):
    """The URL does not say what the provider needs; the text says what is missing, without secrets."""


def _as_it_is(host: str) -> str:
    return host


@dataclass(frozen=True, slots=True)
class Provider:
    """Which of its settings the parts of the URL are."""

    user: str = "api_key"
    password: str = ""
    host: str = ""
    needs_host: bool = False
    from_host: Callable[[str], str] = _as_it_is


PROVIDERS: dict[str, Provider] = {
    "amazon_ses": Provider(user="aws_access_key_id", password="aws_secret_access_key", host="region_name"),  # noqa: S106
    "brevo": Provider(),
    "mailersend": Provider(user="api_token"),
    "mailgun": Provider(host="sender_domain", needs_host=True),
    "mailjet": Provider(password="secret_key"),  # noqa: S106
    "mailtrap": Provider(user="api_token"),
    "mandrill": Provider(),
    "postal": Provider(host="api_url", needs_host=True, from_host="https://{}".format),
    "postmark": Provider(user="server_token"),
    "resend": Provider(),
    "scaleway": Provider(user="project_id", password="secret_key", host="region"),  # noqa: S106
    "sendgrid": Provider(),
    "sparkpost": Provider(),
    "test": Provider(),
    "unisender_go": Provider(
        host="api_url", needs_host=True, from_host="https://{}/en/transactional/api/v1/".format
    ),
}
# Those that have another way to find the key.
_KEY_IS_OPTIONAL = frozenset({"amazon_ses", "test"})


@dataclass(frozen=True, slots=True)
class Credentials:
    """The parts of the URL, decoded; "" for what it does not have."""

    user: str
    password: str
    host: str


def provider_settings(
    name: str, credentials: Credentials, options: dict[str, str]
) -> tuple[str, dict[str, Any]]:
    """The email backend, and the settings for ANYMAIL. Raises BadProvider."""
    name = name.replace("-", "_")
    provider = PROVIDERS.get(name)
    if provider is None:
        raise BadProvider(f"Anymail has no such provider; it has: {', '.join(sorted(PROVIDERS))}")
    if any(not _OPTION_NAME.fullmatch(key) for key in options):
        raise BadProvider("the names of options are lower-case words joined by _")
    given = {key: _value(key, text) for key, text in options.items()}
    given |= _from_credentials(name, provider, credentials)
    _check_complete(name, provider, given)
    if name == "amazon_ses":
        given = _client_params(given)
    anymail: dict[str, Any] = {"IGNORE_UNSUPPORTED_FEATURES": True}
    for key, value in given.items():
        anymail[key.upper() if key in _ANYMAIL_OWN else f"{name}_{key}".upper()] = value
    return f"anymail.backends.{name}.EmailBackend", anymail


def _from_credentials(name: str, provider: Provider, credentials: Credentials) -> dict[str, str]:
    if credentials.password and not provider.password:
        raise BadProvider(f"{name} has no second key: {_form(name, provider)}")
    if credentials.host and not provider.host:
        raise BadProvider(f"{name} has no host: {_form(name, provider)}")
    values = {
        provider.user: credentials.user,
        provider.password: credentials.password,
        provider.host: provider.from_host(credentials.host) if credentials.host else "",
    }
    return {key: value for key, value in values.items() if value}


def _check_complete(name: str, provider: Provider, given: dict[str, Any]) -> None:
    needed = [] if name in _KEY_IS_OPTIONAL else [provider.user, provider.password]
    needed += [provider.host] if provider.needs_host else []
    missing = [key for key in needed if key and key not in given]
    if missing:
        raise BadProvider(f"{name} needs its {' and '.join(missing)}: {_form(name, provider)}")


def _form(name: str, provider: Provider) -> str:
    password = f":{provider.password}" if provider.password else ""
    return f"anymail+{name}://{provider.user}{password}@{provider.host if provider.needs_host else ''}"


def _client_params(given: dict[str, Any]) -> dict[str, Any]:
    """Amazon's keys go to boto3, together."""
    if find_spec("boto3") is None:
        raise BadProvider('amazon_ses needs another package: pip install "django-anymail[amazon-ses]"')
    names = ("aws_access_key_id", "aws_secret_access_key", "region_name")
    client = {key: given.pop(key) for key in names if key in given}
    return {**given, "client_params": client} if client else given


def _value(key: str, text: str) -> Any:
    if key == "requests_timeout":
        try:
            return float(text)
        except ValueError:
            raise BadProvider("requests_timeout must be a number of seconds") from None
    return {"true": True, "false": False}.get(text.lower(), text)
