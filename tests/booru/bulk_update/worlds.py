"""Small sites whose aliases and implications obey the rules, and lines for scripts over their tags."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass

from django.core.exceptions import ValidationError
from django.db import transaction
from hypothesis import strategies as st

from booru.models import Level, Post, Tag, TagAlias, TagImplication
from booru.models.tags.tag import TagCategory
from booru.posts.editing.editor import PostEditor
from booru.posts.tag_edits.tag_edit import TagEdit
from tests.support.tag_factories import make_post, make_tag, make_user

NAMES = [*"abcde", "x_(cosplay)", "x", "navy_school_uniform"]
some_names = st.sets(st.sampled_from(NAMES), max_size=5)
name = st.sampled_from(NAMES)
pairs = st.tuples(name, name)
PAIR_COMMANDS = ["alias", "unalias", "imply", "unimply", "rename"]
commands = st.one_of(
    st.builds("{} {} -> {}".format, st.sampled_from(PAIR_COMMANDS), name, name),
    st.builds("category {} -> {}".format, name, st.sampled_from(["artist", "character", "general"])),
    st.builds("{} {}".format, st.sampled_from(["deprecate", "undeprecate", "nuke"]), name),
    st.builds("update {} {} -> {} -{}".format, name, name, name, name),
    st.builds("update {} -> rating:q source:there {}".format, name, name),
)


@dataclass(frozen=True)
class World:
    posts: list[set[str]]
    categories: dict[str, int]
    aliases: list[tuple[str, str]]
    implications: list[tuple[str, str]]


worlds = st.builds(
    World,
    posts=st.lists(some_names, min_size=1, max_size=5),
    categories=st.dictionaries(name, st.sampled_from(TagCategory.values)),
    aliases=st.lists(pairs, max_size=2),
    implications=st.lists(pairs, max_size=3),
)


def build(world: World) -> None:
    user = make_user(Level.ADMIN)
    for tag, category in {**world.categories, "x": TagCategory.CHARACTER}.items():
        make_tag(tag, category)
    for model, chosen in ((TagImplication, world.implications), (TagAlias, world.aliases)):
        for old, new in chosen:
            with suppress(ValidationError), transaction.atomic():
                model.objects.create_valid(old, new, creator=user)
    aliased = TagAlias.objects.active().values("antecedent_name")
    # The move that follows a new alias takes these along; they are never made beside one.
    TagAlias.objects.filter(
        consequent_name__in=list(aliased.values_list("antecedent_name", flat=True))
    ).delete()
    for side in ("antecedent_name__in", "consequent_name__in"):
        TagImplication.objects.filter(**{side: aliased}).delete()
    for alias in TagAlias.objects.all():
        target = Tag.objects.get(name=alias.consequent_name)
        Tag.objects.filter(name=alias.antecedent_name).update(category=target.category)
    for tags in world.posts:
        make_post(" ".join(sorted(tags)), user)
    # What follows from an implied tag comes with the next save.
    while PostEditor(user).edit(Post.objects.all(), TagEdit()):
        pass
