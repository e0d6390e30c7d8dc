"""Loads the picture that a script is checked against, with few queries however many lines there are."""

from __future__ import annotations

from typing import TYPE_CHECKING

from booru.bulk_update.checking import picture_queries as queries
from booru.bulk_update.checking.pairs import Pairs
from booru.bulk_update.checking.picture import PageFacts, Picture, TagFacts
from booru.models import FavoriteGroup, Pool, User
from booru.models.pages.wiki_page import normalize_title
from booru.models.tag_relationships.tag_usage import enough_to_share
from booru.models.tags.tag import TagCategory
from booru.models.tags.tag_abbreviations import tags_abbreviated
from booru.rules.tag_names import COSPLAY, STYLE

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from booru.bulk_update.kinds.command import Command

# Tags with a variant that has a variant, and so on: nobody has more.
_VARIANT_ROUNDS = 4
# So many posts are counted for the implications of one script.
_COUNTED = 200_000
# A tag with half the posts of another has no 90% of them, and with so many its count is not wrong by half.
_SURELY_COUNTED = 1000


def load_picture(commands: Sequence[Command]) -> Picture:
    """All that the commands may ask about."""
    subjects = [command.subjects for command in commands]
    typed = frozenset().union(*(one.tags for one in subjects))
    targets = queries.alias_targets(typed) if typed else {}
    abbreviations = tags_abbreviated(typed - targets.keys())
    variants, found = _with_variants({pair for one in subjects for pair in one.moved})
    names = _with_bases({*typed, *targets.values(), *abbreviations.values(), *variants})
    moved = {name for one in subjects for name in one.removed} | {old for old, _ in found}
    moved |= {_target(name, targets, abbreviations) for name in moved}
    aliases = queries.aliases_around(names) if names else []
    names |= {name for alias in aliases for name in alias}
    tags = _tags(names)
    described = {name for one in subjects for name in one.described}
    described |= {_target(name, targets, abbreviations) for name in described}
    system = User.objects.system()
    groups = {text for one in subjects for text in one.favorite_groups}
    return Picture(
        system=system,
        tags=tags,
        aliases=Pairs(aliases),
        implications=Pairs(queries.implications_around(names, moved) if names else []),
        pages=_pages(names, described),
        artists=queries.artists_named(names) if names else frozenset(),
        pools=Pool.objects.find_all({text for one in subjects for text in one.pools}),
        favorite_groups=FavoriteGroup.objects.named_by(system, groups) if groups else frozenset(),
        abbreviations=abbreviations,
        either=_either({pair for one in subjects for pair in one.implied}, tags),
    )


def load_tags(commands: Iterable[Command]) -> dict[str, TagFacts]:
    """Only the tags, for who asks who may approve it."""
    return _tags({name for command in commands for name in command.subjects.tags})


def _tags(names: Iterable[str]) -> dict[str, TagFacts]:
    names = set(names)
    rows = queries.tags_named(names) if names else []
    return {row[0]: TagFacts(*row) for row in rows}


def _target(name: str, targets: Mapping[str, str], abbreviations: Mapping[str, str]) -> str:
    return targets.get(name) or abbreviations.get(name, name)


def _with_variants(moves: set[tuple[str, str]]) -> tuple[set[str], set[tuple[str, str]]]:
    """The names of cosplay tags and style tags that move with these, and all moves with theirs."""
    names: set[str] = set()
    everything = set(moves)
    for _ in range(_VARIANT_ROUNDS):
        asked = {(old + suffix, new + suffix) for old, new in moves for suffix in (COSPLAY, STYLE)}
        known = _tags({old for old, _ in asked})
        moves = {(old, new) for old, new in asked if old in known}
        if not moves:
            break
        names |= {name for pair in moves for name in pair}
        everything |= moves
    return names, everything


def _with_bases(names: set[str]) -> set[str]:
    """With the tags that cosplay tags are named after."""
    everything = set(names)
    while names := {name.removesuffix(COSPLAY) for name in names if name.endswith(COSPLAY)}:
        everything |= names
    return everything


def _pages(names: Iterable[str], described: Iterable[str]) -> dict[str, PageFacts]:
    titles = {normalize_title(name) for name in names}
    rows = queries.pages_titled(titles, {normalize_title(name) for name in described}) if titles else []
    return {row[0]: PageFacts(*row[1:]) for row in rows}


def _either(pairs: set[tuple[str, str]], tags: Mapping[str, TagFacts]) -> dict[tuple[str, str], int]:
    """How many posts have either tag, where the rules ask for it."""
    asked: list[tuple[str, str, int]] = []
    known: dict[tuple[str, str], int] = {}
    for old, new in sorted(pairs):
        antecedent, consequent = tags.get(old), tags.get(new)
        if antecedent is None or consequent is None or antecedent.is_empty or consequent.is_empty:
            continue
        enough = enough_to_share(antecedent.post_count)
        if antecedent.category != TagCategory.GENERAL:
            continue
        if _SURELY_COUNTED < antecedent.post_count <= consequent.post_count // 2:
            known[old, new] = enough
        else:
            asked.append((old, new, enough))
    if not asked:
        return known
    # The smallest are counted to their end; from what is left for the others, their counts are believed.
    share = _COUNTED // len(asked)
    counted = queries.posts_with_either([(old, new, min(enough, share)) for old, new, enough in asked])
    for old, new, enough in asked:
        count = counted[old, new]
        is_cut = enough > share <= count
        known[old, new] = max(count, tags[old].post_count, tags[new].post_count) if is_cut else count
    return known
