"""The editor against saving each post by itself, on posts, tags and rules that hypothesis makes up."""

from __future__ import annotations

from dataclasses import dataclass, replace
from itertools import combinations, zip_longest
from typing import Any

import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from booru.models import Favorite, FavoriteGroup, Level, Post, PostVersion, PostVote, Tag, User
from booru.models.tags.tag import TagCategory
from booru.posts.editing.editor import PostEditor
from booru.posts.tag_edits.tag_edit import TagEdit
from booru.posts.tag_edits.tag_edit_terms import Metatag
from tests.booru.posts.editing.one_by_one import save_one_by_one
from tests.support.tag_factories import make_alias, make_implication, make_post, make_tag, make_user

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
FILES = [(0, 0, ""), (1600, 900, "jpg"), (300, 300, "mp4"), (4000, 3000, "png")]
FIELDS = [
    *("rating:explicit", "rating:s", "rating:x", "source:https://example.com/A", "source:a\\ book"),
    *("source:none", "source:" + "a" * 1201),
]
# Posts are named by their place: these are ids in the test.
FAMILY = [*(f"parent:{place}" for place in range(5)), "parent:none", "parent:0", "-parent:1", "-parent:2"]
ACTIONS = [
    *("fav:me", "-fav:me", "upvote:me", "downvote:me", "favgroup:mine", "-favgroup:mine", "favgroup:nothing"),
    *("status:banned", "status:active", "status:nonsense", "disapproved:disinterest"),
]


@dataclass(frozen=True)
class World:
    posts: list[set[str]]
    edited_before: set[int]
    categories: dict[str, int]
    deprecated: set[str]
    aliases: dict[str, str]
    implications: set[tuple[str, str]]
    files: list[tuple[int, int, str]]
    parents: list[int | None]


some_names = st.sets(st.sampled_from(NAMES), max_size=6)
worlds = st.builds(
    World,
    posts=st.lists(some_names, min_size=1, max_size=6),
    edited_before=st.sets(st.integers(0, 5)),
    categories=st.dictionaries(st.sampled_from(NAMES), st.sampled_from(TagCategory.values)),
    deprecated=st.sets(st.sampled_from(NAMES), max_size=3),
    aliases=st.dictionaries(st.sampled_from(NAMES), st.sampled_from(NAMES), max_size=4),
    implications=st.sets(st.sampled_from(list(combinations(NAMES, 2))), max_size=8),
    files=st.lists(st.sampled_from(FILES), min_size=6, max_size=6),
    # Of an older post, so that there are no circles.
    parents=st.tuples(*(st.sampled_from([None, *range(place)]) for place in range(6))).map(list),
)
words = st.lists(st.sampled_from([*NAMES, *NOT_ADDED]), max_size=4, unique=True).map(tuple)
edits = st.builds(
    TagEdit,
    add=words,
    remove=words,
    drop=words,
    categories=st.lists(
        st.tuples(st.sampled_from([*NAMES, "new_one", "bad_"]), st.sampled_from(list(TagCategory))),
        max_size=2,
        unique_by=lambda pair: pair[0],
    ).map(tuple),
)


def _metatags(texts, max_size):
    return st.lists(st.sampled_from(texts), max_size=max_size).map(
        lambda chosen: TagEdit.parse(" ".join(chosen))
    )


fields = _metatags(FIELDS, 3).map(lambda edit: edit.fields)
family = _metatags(FAMILY, 2).map(lambda edit: edit.fields)
# In an order in which one by one is the same as all at once.
actions = _metatags(ACTIONS, 4).map(lambda edit: tuple(sorted(edit.actions, key=_kind)))


def _kind(metatag):
    kinds = ["status", "disapproved", "favgroup", "-favgroup", "fav", "-fav", "upvote", "downvote"]
    return kinds.index(metatag.name)


@pytest.mark.django_db
@settings(
    max_examples=40,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(world=worlds, edit=edits, metatags=st.tuples(fields, family, actions), batch_size=st.integers(1, 4))
def test_a_batch_comes_out_as_if_each_post_were_saved_by_itself(world, edit, metatags, batch_size):
    fields, family, actions = metatags
    with transaction.atomic():
        user = make_user(Level.APPROVER)
        ids = _build(world, user)
        family = tuple(_with_id(metatag, ids) for metatag in family)
        edit = replace(edit, fields=fields + family, actions=actions)
        editor = PostEditor(user, batch_size=batch_size)
        in_batches = _outcome(lambda: editor.edit(Post.objects.all(), edit, skips_invalid=True))
        one_by_one = _outcome(lambda: save_one_by_one(ids, edit, user))
        transaction.set_rollback(True)
    differences = {
        (table, number): (left, right)
        for table in in_batches
        for number, (left, right) in enumerate(zip_longest(in_batches[table], one_by_one[table]))
        if left != right
    }
    assert differences == {}


def _with_id(metatag: Metatag, ids: list[int]) -> Metatag:
    """The id of a post instead of its place; 0 and places that are none stay."""
    place = int(metatag.value) - 1 if metatag.value.isdigit() else -1
    return Metatag(metatag.name, str(ids[place])) if 0 <= place < len(ids) else metatag


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
    for number, post in enumerate(posts):
        width, height, file_ext = world.files[number]
        place = world.parents[number]
        Post.objects.filter(pk=post.pk).update(
            image_width=width,
            image_height=height,
            file_ext=file_ext,
            parent=None if place is None else posts[place],
            is_pending=number % 2 == 0,
        )
    FavoriteGroup.objects.make(user, "mine", post_ids=[posts[0].pk])
    Favorite.objects.add(user, [posts[-1].pk])
    PostVote.objects.vote(user, [posts[0].pk], -1)
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
            "users": list(
                User.objects.order_by("id").values_list("id", "post_update_count", "favorite_count")
            ),
            "favorites": sorted(Favorite.objects.values_list("user_id", "post_id")),
            "votes": sorted(PostVote.objects.values_list("user_id", "post_id", "score", "is_deleted")),
            "groups": list(FavoriteGroup.objects.values_list("name", "post_ids")),
        }
        transaction.set_rollback(True)
    return outcome


def _fields(model: Any) -> list[str]:
    different = {"created_at", "updated_at"} | ({"id"} if model is not Post else set())
    return [field.attname for field in model._meta.fields if field.attname not in different]
