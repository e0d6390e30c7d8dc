"""Works out what posts look like after an edit, a batch at a time."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from booru.models import Tag, TagAlias
from booru.models.tags.tag import TagCategory
from booru.posts.editing.derived_tags import DerivedTags
from booru.posts.editing.file_tags import with_file_tags
from booru.posts.editing.tag_facts import known_categories, make_tags
from booru.posts.post_fields import field_errors
from booru.posts.tag_counts import lock_tags
from booru.posts.tag_edits.edit_limits import limit_changes, limit_new_tags
from booru.posts.versions import Change

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from booru.models import User
    from booru.posts.post_rows import PostRow

MAX_TAGS = 1250


@dataclass(frozen=True, slots=True)
class Draft:
    """A post before an edit, the same with its new fields, and the tags that it shall have."""

    before: PostRow
    after: PostRow
    tags: frozenset[str]

    @property
    def errors(self) -> dict[str, list[str]]:
        """Why the post cannot be saved like this; what was wrong before does not count."""
        errors = field_errors(self.before, self.after) if self.after is not self.before else {}
        if len(self.tags) > MAX_TAGS and self.tags != self.before.tags:
            errors["__all__"] = [f"Post cannot have more than {MAX_TAGS} tags"]
        return errors


def complete(drafts: Sequence[Draft]) -> list[Draft]:
    """The drafts with the tags that follow from files and from other tags."""
    tagged = [with_file_tags(draft.after, draft.tags) for draft in drafts]
    derived = DerivedTags.of(frozenset().union(*tagged))
    return [
        Draft(draft.before, draft.after, derived.add_to(tags))
        for draft, tags in zip(drafts, tagged, strict=True)
    ]


def changes_of(
    drafts: Sequence[Draft], user: User, categories: Mapping[str, TagCategory] | None = None
) -> list[Change]:
    """The changes that the drafts are. Tags that do not exist are made; some get the category given.

    Raises ValidationError when `user` changes more than they may in a minute.
    """
    wanted = categories or {}
    names = frozenset(wanted).union(*(draft.tags for draft in drafts))
    known = known_categories(names)
    missing = names - known.keys()
    if missing:
        limit_new_tags(user, len(missing))
    limit_changes(user, {draft.before.id: len(draft.tags ^ draft.before.tags) for draft in drafts})
    if missing:
        make_tags(missing, user, wanted)
        known = known_categories(names)
    if any(known.get(name, category) != category for name, category in wanted.items()):
        _recategorise(wanted, drafts, user)
        known = known_categories(names)
    special = {name: category for name, category in known.items() if category != TagCategory.GENERAL}
    return [Change(draft.before, draft.after.with_tags(draft.tags, special)) for draft in drafts]


def _recategorise(wanted: Mapping[str, TagCategory], drafts: Iterable[Draft], user: User) -> None:
    aliases = TagAlias.objects.active().filter(consequent_name__in=wanted)
    names = {*wanted, *aliases.values_list("antecedent_name", flat=True)}
    lock_tags(names.union(*(draft.tags ^ draft.before.tags for draft in drafts)))
    for name, category in sorted(wanted.items()):
        Tag.objects.find_or_create(name, category, user)
