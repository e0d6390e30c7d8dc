"""The editor against saving each post by itself, on posts, tags and rules that hypothesis makes up."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import combinations
from typing import Any

import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from booru.models import Post, PostVersion, Tag, User
from booru.models.tag import TagCategory
from booru.posts.editor import PostEditor
from booru.posts.tag_edit import TagEdit
from tests.booru.posts.one_by_one import save_one_by_one
from tests.tag_factories import make_alias, make_implication, make_post, make_tag, make_user

NAMES = [
    *"abcdefgh",
    "cosplay",
    "meme",
    "miku",
    "miku_(cosplay)",
    "navy_school_uniform",
    "potato_(meme)",
    "school_uniform",
]
NOT_ADDED = ["tag_", "rating:s", "x)"]


@dataclass(frozen=True)
class World:
    posts: list[set[str]]
    edited_before: set[int]
    categories: dict[str, int]
    deprecated: set[str]
    aliases: dict[str, str]
    implications: set[tuple[str, str]]


some_names = st.sets(st.sampled_from(NAMES), max_size=6)
worlds = st.builds(
    World,
    posts=st.lists(some_names, min_size=1, max_size=6),
    edited_before=st.sets(st.integers(0, 5)),
    categories=st.dictionaries(st.sampled_from(NAMES), st.sampled_from(TagCategory.values)),
    deprecated=st.sets(st.sampled_from(NAMES), max_size=3),
    aliases=st.dictionaries(st.sampled_from(NAMES), st.sampled_from(NAMES), max_size=4),
    implications=st.sets(st.sampled_from(list(combinations(NAMES, 2))), max_size=8),
)
words = st.lists(st.sampled_from([*NAMES, *NOT_ADDED]), max_size=4, unique=True).map(tuple)
edits = st.builds(TagEdit, add=words, remove=words, drop=words)


@pytest.mark.django_db
@settings(max_examples=120, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(world=worlds, edit=edits, batch_size=st.integers(1, 4))
def test_a_batch_comes_out_as_if_each_post_were_saved_by_itself(world, edit, batch_size):
    with transaction.atomic():
        user = make_user()
        ids = _build(world, user)
        in_batches = _outcome(lambda: PostEditor(user, batch_size=batch_size).edit(Post.objects.all(), edit))
        one_by_one = _outcome(lambda: save_one_by_one(ids, edit, user))
        transaction.set_rollback(True)
    assert in_batches == one_by_one


def _build(world: World, user: User) -> list[int]:
    somebody = make_user()
    # The rule for cosplay tags looks at how many posts the character has, so it is a character here.
    for name, category in {**world.categories, "miku": TagCategory.CHARACTER}.items():
        make_tag(name, category)
    posts = [make_post(" ".join(tags), somebody) for tags in world.posts]
    for number in world.edited_before & set(range(len(posts))):
        PostEditor(user).edit_post(posts[number], TagEdit(add=("h",), drop=("a",)))
    Tag.objects.filter(name__in=world.deprecated).update(is_deprecated=True)
    for old, new in world.implications:
        make_implication(old, new)
        # As saving one does.
        for name in (old, new):
            Tag.objects.find_or_create(name)
    # Last, because no cosplay tag can be made for a character that is an alias.
    for old, new in sorted(world.aliases.items(), key=lambda pair: pair[0] == "miku"):
        make_alias(old, new)
    return [post.pk for post in posts]


def _outcome(change: Any) -> dict[str, Any]:
    """What the tables hold after the change, which is undone."""
    with transaction.atomic():
        change()
        outcome = {
            "posts": list(Post.objects.order_by("id").values(*_fields(Post))),
            "versions": list(
                PostVersion.objects.order_by("post_id", "version").values(*_fields(PostVersion))
            ),
            "tags": list(Tag.objects.order_by("name").values(*_fields(Tag))),
            "users": list(User.objects.order_by("id").values_list("id", "post_update_count")),
        }
        transaction.set_rollback(True)
    return outcome


def _fields(model: Any) -> list[str]:
    different = {"created_at", "updated_at"} | ({"id"} if model is not Post else set())
    return [field.attname for field in model._meta.fields if field.attname not in different]
