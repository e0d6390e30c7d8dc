"""DANBOORU_MAIL_DELIVERY_URL: one URL that says how email leaves the site (behaviour G.7).

    (unset)                             off: emails are rendered and recorded, but not sent
    smtp://user:password@host:587       SMTP, encrypted with STARTTLS where the server offers it
    smtps://user:password@host:465      SMTP, encrypted from the start
    anymail+<provider>://key@           a provider's API; see mailers/sending/providers.py
    console:                            print emails on the terminal: headers and text
    memory:                             keep them in django.core.mail.outbox, for tests

Percent-encode what is special in a user name or password: "@" is %40, "/" is %2F, "#" is %23, "?" is %3F.
After a "?" come options, joined by "&". Those of SMTP:

    authentication=plain|login|cram_md5 the way to log in; otherwise what the server offers
    enable_starttls=true|false|auto     auto, the default: STARTTLS if offered; true: do not send without
    enable_starttls_auto=true|false     false: the same as enable_starttls=false
    tls=true|false                      encrypted from the start; true for smtps://
    openssl_verify_mode=peer|none       none: take any certificate
    ca_file=/path/ca.pem                certificates to trust instead of the system's
    open_timeout=5, read_timeout=5      seconds to connect, and to wait for each part of an answer
    total_timeout=60                    seconds for greeting and logging in, and then for each email, in all
    domain=host.example                 the name that we greet the server with
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, TypedDict
from urllib.parse import SplitResult, parse_qsl, unquote, urlsplit

from django.core.exceptions import ImproperlyConfigured

from mailers.sending.providers import BadProvider, Credentials, provider_settings

SETTING = "DANBOORU_MAIL_DELIVERY_URL"
OFF = "django.core.mail.backends.dummy.EmailBackend"
SMTP = "mailers.smtp.SmtpBackend"
_LOCAL = {
    "console": "mailers.console.ConsoleBackend",
    "memory": "django.core.mail.backends.locmem.EmailBackend",
}


class SmtpOptions(TypedDict, total=False):
    """What mailers.smtp.SmtpBackend can be told beyond Django's own settings."""

    authentication: str
    starttls: str
    verify: bool
    ca_file: str
    open_timeout: float
    read_timeout: float
    total_timeout: float
    domain: str


@dataclass(frozen=True, slots=True)
class DeliverySettings:
    """Values for Django's, our backend's and Anymail's settings."""

    backend: str
    host: str = "localhost"
    port: int = 25
    username: str = ""
    password: str = field(default="", repr=False)
    use_ssl: bool = False
    smtp_options: SmtpOptions = field(default_factory=SmtpOptions)
    anymail: dict[str, Any] = field(default_factory=dict, repr=False)


def delivery_settings(url: str) -> DeliverySettings:
    """What the URL says. Raises ImproperlyConfigured, with the reason and without any secret."""
    url = url.strip()
    if not url:
        return DeliverySettings(OFF)
    parts = _split(url)
    if parts.scheme in _LOCAL:
        return DeliverySettings(_LOCAL[parts.scheme])
    is_smtp = parts.scheme in ("smtp", "smtps")
    if not is_smtp and not parts.scheme.startswith("anymail+"):
        raise _wrong("it must begin with smtp://, smtps://, anymail+<provider>://, console: or memory:")
    _check_secrets_are_encoded(parts)
    return _smtp(parts) if is_smtp else _anymail(parts)


def _smtp(parts: SplitResult) -> DeliverySettings:
    options = _options(parts)
    if not parts.hostname:
        raise _wrong("the host of the mail server is missing: smtp://user:password@host:port")
    use_ssl = parts.scheme == "smtps"
    for name in ("tls", "ssl"):
        use_ssl = _boolean(name, options.pop(name)) if name in options else use_ssl
    return DeliverySettings(
        SMTP,
        host=parts.hostname,
        port=_port(parts) or (465 if use_ssl else 587),
        username=unquote(parts.username or ""),
        password=unquote(parts.password or ""),
        use_ssl=use_ssl,
        smtp_options=_smtp_options(options, use_ssl),
    )


def _smtp_options(options: dict[str, str], use_ssl: bool) -> SmtpOptions:
    result = SmtpOptions(
        starttls="never" if use_ssl else "auto", open_timeout=5, read_timeout=5, total_timeout=60
    )
    for name, text in options.items():
        if name not in _SMTP_OPTIONS:
            raise _wrong(f"there is no option {name!r}; there are: tls, {', '.join(_SMTP_OPTIONS)}")
        key, read = _SMTP_OPTIONS[name]
        result[key] = read(name, text)  # type: ignore[literal-required]
    if use_ssl and result["starttls"] == "always":
        raise _wrong("tls and enable_starttls exclude each other")
    return result


def _anymail(parts: SplitResult) -> DeliverySettings:
    port = _port(parts)
    credentials = Credentials(
        user=unquote(parts.username or ""),
        password=unquote(parts.password or ""),
        host=(parts.hostname or "") + (f":{port}" if port else ""),
    )
    try:
        backend, anymail = provider_settings(
            parts.scheme.removeprefix("anymail+"), credentials, _options(parts)
        )
    except BadProvider as error:
        raise _wrong(str(error)) from None
    return DeliverySettings(backend, anymail=anymail)


def _split(url: str) -> SplitResult:
    scheme, colon, rest = url.partition(":")
    try:
        # A scheme cannot have the "_" of Anymail's names.
        return urlsplit(scheme.replace("_", "-") + colon + rest)
    except ValueError:
        # Not the parser's own words: they may quote a part of the password.
        raise _wrong("it is not a URL") from None


def _check_secrets_are_encoded(parts: SplitResult) -> None:
    """A bare "/", "?" or "#" in the password ends the host early; the rest would be taken for an option."""
    if "@" in parts.path + parts.query + parts.fragment or parts.fragment:
        raise _wrong("percent-encode what is special in user name and password: / as %2F, ? %3F, # %23")
    if parts.path not in ("", "/"):
        raise _wrong("nothing but ?options may follow the host")


def _port(parts: SplitResult) -> int | None:
    try:
        return parts.port
    except ValueError:
        raise _wrong("the port must be a number from 1 to 65535") from None


def _options(parts: SplitResult) -> dict[str, str]:
    return dict(parse_qsl(parts.query, keep_blank_values=True))


def _wrong(reason: str) -> ImproperlyConfigured:
    return ImproperlyConfigured(f"{SETTING}: {reason}")


def _boolean(name: str, text: str) -> bool:
    match text.lower():
        case "true" | "1" | "yes" | "on":
            return True
        case "false" | "0" | "no" | "off":
            return False
    raise _wrong(f"{name} must be true or false")


def _seconds(name: str, text: str) -> float:
    try:
        seconds = float(text)
    except ValueError:
        seconds = 0
    if not 0 < seconds < 3600:
        raise _wrong(f"{name} must be a number of seconds")
    return seconds


def _one_of(**values: Any) -> Callable[[str, str], Any]:
    def read(name: str, text: str) -> Any:
        if text.lower() not in values:
            raise _wrong(f"{name} must be one of {', '.join(values)}")
        return values[text.lower()]

    return read


def _starttls(name: str, text: str) -> str:
    if text.lower() == "auto":
        return "auto"
    return "always" if _boolean(name, text) else "never"


def _starttls_auto(name: str, text: str) -> str:
    return "auto" if _boolean(name, text) else "never"


def _text(_name: str, text: str) -> str:
    return text


_SMTP_OPTIONS: dict[str, tuple[str, Callable[[str, str], Any]]] = {
    "authentication": ("authentication", _one_of(plain="plain", login="login", cram_md5="cram_md5")),
    "enable_starttls_auto": ("starttls", _starttls_auto),
    "enable_starttls": ("starttls", _starttls),
    "openssl_verify_mode": ("verify", _one_of(peer=True, none=False)),
    "ca_file": ("ca_file", _text),
    "open_timeout": ("open_timeout", _seconds),
    "read_timeout": ("read_timeout", _seconds),
    "total_timeout": ("total_timeout", _seconds),
    "domain": ("domain", _text),
}
