"""Prints emails as people read them: the headers and the text, both decoded."""

from __future__ import annotations

import unicodedata
from email import message_from_bytes, policy
from email.message import EmailMessage as Message

from django.core.mail import EmailMessage
from django.core.mail.backends import console

# How the parts are put together, which nobody reads.
_LEFT_OUT = {"mime-version", "content-type", "content-transfer-encoding"}
_RULE = "-" * 79


class ConsoleBackend(console.EmailBackend):
    """Every email ends with a rule. What others wrote cannot move the cursor or turn the reading around."""

    def write_message(self, message: EmailMessage) -> None:
        # As it would be sent, so that what is seen here is what arrives.
        sent = message_from_bytes(message.message().as_bytes(), policy=policy.default)
        assert isinstance(sent, Message)
        headers = [
            f"{name}: {_harmless(str(value))}"
            for name, value in sent.items()
            if name.lower() not in _LEFT_OUT
        ]
        text = "\n".join([*headers, "", _text_of(sent), _RULE, ""])
        encoding = getattr(self.stream, "encoding", None) or "utf-8"
        self.stream.write(text.encode(encoding, "replace").decode(encoding))


def _text_of(message: Message) -> str:
    body = message.get_body(("plain", "html"))
    text = str(body.get_content()) if body else ""
    attachments = [
        f"[{part.get_filename() or part.get_content_type()}]" for part in message.iter_attachments()
    ]
    return "\n".join([_harmless(text.replace("\r\n", "\n").rstrip()), *attachments])


def _harmless(text: str) -> str:
    return "".join("\N{REPLACEMENT CHARACTER}" if _is_command(letter) else letter for letter in text)


def _is_command(letter: str) -> bool:
    """A control character, or one that lets text run from right to left that is not written so."""
    if letter in "\n\t":
        return False
    return unicodedata.category(letter) in {"Cc", "Cs"} or unicodedata.bidirectional(letter) in {
        *("LRE", "RLE", "LRO", "RLO", "PDF"),
        *("LRI", "RLI", "FSI", "PDI"),
    }
