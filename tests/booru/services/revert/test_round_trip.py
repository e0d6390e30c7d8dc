"""Whatever a request did, and whether it came to its end or not: undone, the site is as it was."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from booru.models import BulkUpdateRequest, Level, Post, Tag, TagAlias, TagImplication, User
from booru.models.tag import TagCategory
from booru.posts.editor import PostEditor
from booru.posts.tag_edit import TagEdit
from tests.booru.services.revert.reverting import counts, revert, true_counts
from tests.tag_factories import make_post, make_tag, make_user

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


@pytest.mark.django_db
@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(world=worlds, script=st.lists(commands, min_size=1, max_size=5), later=some_names)
def test_all_is_as_it_was(world, script, later):
    with transaction.atomic():
        build(world)
        before = state()
        bur = apply(script)
        result = revert(bur)
        assert result.problems == []
        assert state() == before
        assert counts() == true_counts()
        check_that_edits_in_between_are_kept(bur, later)
        transaction.set_rollback(True)


def check_that_edits_in_between_are_kept(bur: BulkUpdateRequest, names: set[str]) -> None:
    """Of a request that is undone already, nothing is undone again."""
    PostEditor(make_user(Level.BUILDER)).edit(Post.objects.all(), TagEdit(add=tuple(sorted(names))))
    before = state()
    revert(bur)
    assert state() == before


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


def apply(script: list[str]) -> BulkUpdateRequest:
    """Without asking whether it is valid: one that fails half-way is undone as well."""
    admin = User.objects.system()
    bur = BulkUpdateRequest.objects.create(user=admin, approver=admin, script="\n".join(script))
    with suppress(Exception):
        bur.process()
    if bur.status != "approved":
        bur.status = "failed"
        bur.save()
    return bur


def state() -> dict[str, Any]:
    return {
        "posts": list(Post.objects.order_by("id").values_list("id", "tag_string", "rating", "source")),
        "category counts": list(
            Post.objects.order_by("id").values_list("tag_count_artist", "tag_count_character")
        ),
        "aliases": pairs_of(TagAlias),
        "implications": pairs_of(TagImplication),
        "tags": {tag.name: (tag.category, tag.is_deprecated) for tag in Tag.objects.filter(post_count__gt=0)},
    }


def pairs_of(model: type[TagAlias] | type[TagImplication]) -> set[tuple[str, str]]:
    return set(model.objects.active().values_list("antecedent_name", "consequent_name"))
