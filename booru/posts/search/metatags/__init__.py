"""What each metatag means, as a condition for the database: one small module for each kind.

To add a metatag, name it in booru/rules/metatags.py and write a function that is marked `@metatag("name")`.
"""

from booru.posts.search.metatags import (  # noqa: F401 -- each registers its metatags
    counts,
    families,
    favorites,
    files,
    numbers,
    people,
    pools,
    questions,
    sources,
    statuses,
    tables_missing,
    tags,
)
from booru.posts.search.metatags.registry import condition_of

__all__ = ["condition_of"]
