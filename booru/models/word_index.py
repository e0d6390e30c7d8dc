"""The words of a text column, as PostgreSQL indexes them and finds them again."""

from __future__ import annotations

from django.contrib.postgres.fields import ArrayField
from django.db.models import F, Func, Q, TextField, Value
from django.db.models.functions import Lower

from booru.tag_words import PREFIXES

# Longer than any tag with its prefix; PostgreSQL indexes nothing of more than about 2,700 bytes.
_TOO_LONG = r"\S{200,}"


def words(column: str) -> Func:
    """The words of the column in lower case, without overlong ones. Must be spelled as its index is."""
    short = Func(Lower(F(column)), Value(_TOO_LONG), Value(""), Value("g"), function="regexp_replace")
    return Func(short, Value(r"\s+"), function="regexp_split_to_array", output_field=ArrayField(TextField()))


def has_word(tag_name: str) -> Q:
    """The condition that the tag is among `words`, with or without a prefix."""
    return Q(words__overlap=[prefix + tag_name for prefix in PREFIXES])
