"""The lookup `matches`: a star stands for anything, as in Danbooru's search fields (behaviour 0.1)."""

from __future__ import annotations

import re
from typing import Any

from django.db import models

_TOKEN = re.compile(r"\\\*|[*%_\\]")
_LIKE = {r"\*": "*", "*": "%", "%": r"\%", "_": r"\_", "\\": r"\\"}


def like_pattern(text: str) -> str:
    r"""SQL's LIKE pattern for text with stars: `a*_b` is `a%\_b`; `\*` is a star itself."""
    return _TOKEN.sub(lambda token: _LIKE[token[0]], text)


@models.CharField.register_lookup
@models.TextField.register_lookup
class Matches(models.Lookup):
    """Case-insensitive; without a star the whole text must be equal."""

    lookup_name = "matches"

    def get_prep_lookup(self) -> str:
        return like_pattern(str(self.rhs))

    def as_sql(self, compiler: Any, connection: Any) -> tuple[str, tuple[Any, ...]]:
        left, left_params = self.process_lhs(compiler, connection)
        right, right_params = self.process_rhs(compiler, connection)
        return f"{left} ILIKE {right}", (*left_params, *right_params)
