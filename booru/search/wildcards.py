"""The lookups `matches` and `matches_case`, in which a star stands for anything (behaviour 0.1)."""

from __future__ import annotations

import re
from typing import Any

from django.db import models
from django.db.models.functions import Lower

_TOKEN = re.compile(r"\\\*|[*%_\\]")
_LIKE = {r"\*": "*", "*": "%", "%": r"\%", "_": r"\_", "\\": r"\\"}

# Gives the lookups of `name__lower`.
models.CharField.register_lookup(Lower)
models.TextField.register_lookup(Lower)


def like_pattern(text: str) -> str:
    r"""SQL's LIKE pattern for text with stars: `a*_b` is `a%\_b`; `\*` is a star itself."""
    return _TOKEN.sub(lambda token: _LIKE[token[0]], text)


@models.CharField.register_lookup
@models.TextField.register_lookup
class Matches(models.Lookup):
    """Case-insensitive; without a star the whole text must be equal."""

    lookup_name = "matches"
    operator = "ILIKE"

    def get_prep_lookup(self) -> str:
        return like_pattern(str(self.rhs))

    def as_sql(self, compiler: Any, connection: Any) -> tuple[str, tuple[Any, ...]]:
        left, left_params = self.process_lhs(compiler, connection)
        right, right_params = self.process_rhs(compiler, connection)
        return f"{left} {self.operator} {right}", (*left_params, *right_params)


@models.CharField.register_lookup
@models.TextField.register_lookup
class MatchesCase(Matches):
    """As `matches`, but capitals count."""

    lookup_name = "matches_case"
    operator = "LIKE"
