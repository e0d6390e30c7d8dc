"""The words of a text column, as PostgreSQL indexes them and finds them again."""

from __future__ import annotations

from django.contrib.postgres.fields import ArrayField
from django.db.models import F, Func, Q, TextField, Value
from django.db.models.functions import Lower

from booru.rules.tag_words import MOST_CLOSED

# Longer than any tag with all that may stand around it; PostgreSQL indexes nothing of more than about 2,700
# bytes.
_TOO_LONG = r"\S{250,}"
_BETWEEN = r"(?:^|\s+)[-~(]*"


def words(column: str) -> Func:
    """The words of the column in lower case, without overlong ones and what begins a search term.

    Must be spelled as its index is.
    """
    short = Func(Lower(F(column)), Value(_TOO_LONG), Value(""), Value("g"), function="regexp_replace")
    return Func(
        short, Value(_BETWEEN), function="regexp_split_to_array", output_field=ArrayField(TextField())
    )


def has_word(tag_name: str) -> Q:
    """The condition that the tag is among `words`, perhaps as the last one in parentheses."""
    return Q(words__overlap=[tag_name + ")" * closed for closed in range(MOST_CLOSED + 1)])
