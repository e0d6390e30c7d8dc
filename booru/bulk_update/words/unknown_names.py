"""Words of a script that are written like tags and can be none."""

from __future__ import annotations

from typing import TYPE_CHECKING

from booru.rules.tag_names import tag_name_errors

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from booru.bulk_update.checking.picture import Picture


def names_of_no_tag(names: Iterable[str], picture: Picture) -> Iterator[str]:
    """A sentence for each name that no tag has and none can get; a tag that may be made yet is none of them.

    Old tags may have names against the rules, and abbreviations and aliases stand for others.
    """
    for name in dict.fromkeys(names):
        is_known = picture.tag(name) is not None or picture.to_aliased(name) != name
        if not is_known and (errors := tag_name_errors(name)):
            yield f"no tag is called that: {errors[0]}"
