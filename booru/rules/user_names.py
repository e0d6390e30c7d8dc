"""What a user may be called, and how names are compared and shown (behaviour I.1)."""

from __future__ import annotations

import re
import unicodedata
from itertools import zip_longest
from typing import TYPE_CHECKING

from booru.rules.text import is_invisible

if TYPE_CHECKING:
    from collections.abc import Iterable

_SHORTEST, _LONGEST = 2, 24
_ALLOWED_PUNCTUATION = "_.-"
# Symbols for Unicode, punctuation for everybody else.
_SYMBOLS = "$+<=>^`|~"
_FILE_EXTENSION = re.compile(
    r"\.(html?|json|xml|atom|rss|txt|js|css|csv|png|jpe?g|gif|webp|avif|mp4|webm|swf|zip|pdf|exe|sitemap)",
    re.IGNORECASE,
)
_DELETED_USER = re.compile(r"user_[0-9]+", re.IGNORECASE)
_INNER_UNDERSCORES = re.compile(r"(?<=[^_])_+(?=[^_])")
_LETTERS_OF_CJK = (
    *("CJK UNIFIED IDEOGRAPH", "CJK COMPATIBILITY IDEOGRAPH", "IDEOGRAPHIC", "BOPOMOFO"),
    *("HANGUL", "HIRAGANA", "KATAKANA", "HALFWIDTH HANGUL", "HALFWIDTH KATAKANA"),
)
# As SQL's translate() takes them: letters, and what each becomes; those beyond the second text are left out.
LOOK_ALIKES = "I10ヘベペカニロエトハタリオチミー|_-. "
LOOKS_LIKE = "lloへべぺ力二口工卜八夕り才千三一l"
_LOOKS = str.maketrans(dict(zip_longest(LOOK_ALIKES, LOOKS_LIKE, fillvalue="")))
# Among Latin letters these strokes (U+3007 is a circle) are read as Latin ones.
_AMONG_LATIN = str.maketrans("ー一\u1173丨\u1175\u3007\u110b工エ", "---ll00II")
_LATIN = re.compile("[A-Za-z]")
_RESERVED = {"any", "none", "new", "deactivate", "custom_style", "mod", "administrator", "banned"}


def normalize_user_name(name: str) -> str:
    """The form in which names are compared."""
    return name.strip().replace(" ", "_").lower()


def user_name_look(name: str) -> str:
    """The same for names that are read alike, whatever their capitals and separators; it is indexed.

    `I`, `l` and `1` are one, `O` and `0` another; and so are kana and kanji that are drawn alike.
    """
    return unicodedata.normalize("NFKC", name).translate(_LOOKS).lower()


def read_as_latin(name: str) -> str:
    """The name as people read it who take its kana, kanji and jamo for the Latin letters that they look like.

    A name without Latin letters stays as it is.
    """
    plain = unicodedata.normalize("NFKC", name)
    return plain.translate(_AMONG_LATIN) if _LATIN.search(plain) else name


def close_user_name_look(name: str) -> str:
    """The same for more names, where nobody may pass for somebody else: `i`, `rn` and `vv` count, too."""
    look = user_name_look(read_as_latin(name)).replace("i", "l")
    return look.replace("rn", "m").replace("vv", "w")


def pretty_user_name(name: str) -> str:
    """The name as it is read: underscores between other characters become spaces."""
    return _INNER_UNDERSCORES.sub(" ", name)


def user_name_error(name: str, *, reserved: Iterable[str] = (), forbidden: Iterable[str] = ()) -> str | None:
    """The first rule that the name breaks, if any; whether somebody else has it is not looked at.

    `reserved` are further names that mean something else, in lower case; `forbidden` are regular expressions.
    """
    return (
        _length_error(name)
        or _shape_error(name)
        or _letters_error(name)
        or _meaning_error(name, reserved, forbidden)
    )


def _length_error(name: str) -> str | None:
    if len(name) < _SHORTEST:
        return "must be more than 1 character long"
    if len(name) > _LONGEST:
        return "must be less than 25 characters long"
    return None


def _shape_error(name: str) -> str | None:
    if any(is_invisible(character) for character in name):
        return "can't contain whitespace"
    if _is_punctuation(name[0]):
        return f"can't start with '{name[0]}'"
    if _is_punctuation(name[-1]):
        return f"can't end with '{name[-1]}'"
    if _FILE_EXTENSION.fullmatch(name, name.rfind(".")):
        return "can't end with a file extension"
    if "__" in name:
        return "can't contain multiple underscores in a row"
    return None


def _letters_error(name: str) -> str | None:
    letters = dict.fromkeys(character for character in name if character not in _ALLOWED_PUNCTUATION)
    punctuation = [f"'{character}'" for character in letters if _is_punctuation(character)]
    if punctuation:
        return f"can't contain {_sentence(punctuation)}"
    if not all(_is_basic(character) for character in letters):
        return "must contain only basic letters or numbers"
    return None


def _meaning_error(name: str, reserved: Iterable[str], forbidden: Iterable[str]) -> str | None:
    if _DELETED_USER.fullmatch(name):
        return "can't be the same as a deleted user"
    if close_user_name_look(name) in map(close_user_name_look, {*_RESERVED, *reserved}):
        return "is a reserved name and can't be used"
    if any(re.search(pattern, name, re.IGNORECASE) for pattern in forbidden):
        return "is not allowed"
    return None


def _is_punctuation(character: str) -> bool:
    return unicodedata.category(character).startswith("P") or character in _SYMBOLS


def _is_basic(character: str) -> bool:
    if character.isascii():
        return character.isalnum()
    is_letter = unicodedata.category(character) in {"Lo", "Lm", "Nl"}
    return is_letter and unicodedata.name(character, "").startswith(_LETTERS_OF_CJK)


def _sentence(words: list[str]) -> str:
    if len(words) < 3:
        return " and ".join(words)
    return f"{', '.join(words[:-1])}, and {words[-1]}"
