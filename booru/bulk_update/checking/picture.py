"""What the lines of a script are checked against: the tags that it is about, and all that is known of them.

It is loaded once for the whole script. Then each line changes it as it would change the database, so that the
next line is checked against what is there by then.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from booru.bulk_update.checking.pairs import Pairs
from booru.models import Level
from booru.models.pages.wiki_page import normalize_title
from booru.models.tags.tag import TagCategory, TagTraits
from booru.rules.tag_names import COSPLAY, CosplayBase, tag_name_errors

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from booru.models import Pool, User
    from booru.search.language import SearchQuery


@dataclass(slots=True)
class TagFacts(TagTraits):
    """What the rules ask of a tag."""

    name: str
    category: int = TagCategory.GENERAL
    post_count: int = 0
    is_deprecated: bool = False


@dataclass(frozen=True, slots=True)
class PageFacts:
    """A wiki page; of the body only the beginning is loaded, and only where somebody asks for it."""

    is_deleted: bool
    body: str = ""
    body_length: int = 0


@dataclass(slots=True)
class Picture:
    """Only names that it was loaded for may be asked about."""

    system: User
    tags: dict[str, TagFacts] = field(default_factory=dict)
    aliases: Pairs = field(default_factory=Pairs)
    implications: Pairs = field(default_factory=Pairs)
    pages: Mapping[str, PageFacts] = field(default_factory=dict)
    # The names with an artist entry, even a deleted one.
    artists: frozenset[str] = frozenset()
    # By the texts that name them.
    pools: Mapping[str, Pool] = field(default_factory=dict)
    # The texts that name one of the site's own account.
    favorite_groups: frozenset[str] = frozenset()
    # The tags that abbreviations such as `/hr` stand for.
    abbreviations: Mapping[str, str] = field(default_factory=dict)
    # How many posts have either tag of a pair, as far as that matters.
    either: Mapping[tuple[str, str], int] = field(default_factory=dict)

    def copy(self) -> Picture:
        """One that can be changed by itself."""
        return replace(
            self,
            tags={name: replace(tag) for name, tag in self.tags.items()},
            aliases=self.aliases.copy(),
            implications=self.implications.copy(),
        )

    def tag(self, name: str) -> TagFacts | None:
        return self.tags.get(name)

    def page(self, tag_name: str) -> PageFacts | None:
        """The tag's wiki page."""
        return self.pages.get(normalize_title(tag_name))

    def alias_target(self, name: str) -> str | None:
        """What it is an alias of: the newest, if an approval that is checked makes it one of two tags."""
        targets = self.aliases.consequents(name)
        return targets[-1] if targets else None

    def moved_on(self, old: str, new: str) -> str | None:
        """What both names are aliases of: that `old` became `new` was done, and then `new` became this."""
        target = self.alias_target(old)
        return target if old != new and target == self.alias_target(new) else None

    def to_aliased(self, name: str) -> str:
        """The tag that the name stands for."""
        return self.alias_target(name) or self.abbreviations.get(name, name)

    def with_aliases(self, query: SearchQuery) -> SearchQuery:
        """The search for the tags that its names stand for."""
        return query.with_aliases({name: self.to_aliased(name) for name in query.tag_names})

    def name_errors(self, name: str) -> list[str]:
        """What is wrong with the name for a new tag (behaviour C.2)."""
        return tag_name_errors(name, self._cosplay_base)

    def _cosplay_base(self, name: str) -> CosplayBase | None:
        tag = self.tag(name)
        if tag is None:
            return None
        aliased_to = next(iter(self.aliases.consequents(name)), None)
        return CosplayBase(aliased_to, tag.category == TagCategory.CHARACTER, tag.is_empty)

    def make_tags(self, names: Iterable[str]) -> None:
        """Those that are missing, in the order in which the database would make them."""
        for name in sorted(set(names)):
            self._find_or_make(name)

    def _find_or_make(self, name: str, category: TagCategory = TagCategory.GENERAL) -> None:
        if name in self.tags:
            return
        if name.endswith(COSPLAY):
            base = name.removesuffix(COSPLAY)
            if tag := self.tag(base):
                self._recategorise_if_allowed(tag, TagCategory.CHARACTER)
            else:
                self._find_or_make(base, TagCategory.CHARACTER)
        self.tags[name] = TagFacts(name, category)

    def _recategorise_if_allowed(self, tag: TagFacts, category: TagCategory) -> None:
        """As Tag.recategorise_if_allowed does for the site's own account."""
        if tag.is_artist and tag.name in self.artists:
            return
        level = self.system.level
        if level >= Level.ADMIN or tag.post_count < (1000 if level >= Level.BUILDER else 50):
            self.change_category(tag.name, category)

    def change_category(self, name: str, category: int) -> list[str]:
        """Of the tag, and of those that are aliases of it; or what forbids that, and then nothing changes."""
        tag = self.tags[name]
        if tag.category != category and (errors := self.category_errors(name, category)):
            return errors
        others = [self.tags[one] for one in self.aliases.antecedents(name) if one in self.tags]
        changed = [other for other in others if other.category != category]
        if errors := [error for other in changed for error in self._artist_errors(other.name, category)]:
            return errors
        for one in (tag, *changed):
            one.category = category
        return []

    def category_errors(self, name: str, category: int) -> list[str]:
        """What forbids the tag this category (behaviour C.2)."""
        errors = self._artist_errors(name, category)
        target = next(iter(self.aliases.consequents(name)), None)
        target_tag = self.tag(target) if target is not None else None
        if target is not None and (target_tag is None or target_tag.category != category):
            errors.append("Can't change the category of an aliased tag")
        return errors

    def _artist_errors(self, name: str, category: int) -> list[str]:
        is_broken = category != TagCategory.ARTIST and name in self.artists
        return ["Artist tags must be in the Artist category"] if is_broken else []
