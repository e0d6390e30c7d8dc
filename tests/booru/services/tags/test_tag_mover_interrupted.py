"""A move that dies at any moment is finished by another, with the same result."""

from __future__ import annotations

from itertools import count

import pytest
from django.db import connection, transaction

from booru.models import Artist, Pool, Post, SavedSearch, Tag, TagAlias, TagImplication, User, WikiPage
from booru.models.tags.tag import TagCategory
from booru.posts.editing.editor import PostEditor
from booru.services.tags.tag_mover import TagMover
from tests.support.dying import Death, Died
from tests.support.tag_factories import (
    make_alias,
    make_implication,
    make_post,
    make_request,
    make_tag,
    make_user,
    make_wiki_page,
)

pytestmark = pytest.mark.django_db

# Every so many-th statement is one at which it dies.
STEP = 7


def make_scene() -> PostEditor:
    """Something for every step to do."""
    user = make_user(blacklisted_tags="old x")
    for name in ("older", "old", "old_(style)"):
        make_tag(name, TagCategory.ARTIST)
    make_post("next up y", user)
    make_post("old old_(style) x", user)
    make_post("old next", user)
    make_alias("older", "old")
    make_implication("old", "up")
    make_implication("down", "old")
    make_wiki_page("old", "About [[old]].")
    make_wiki_page("next", "Not [[old]].")
    Artist.objects.create(name="old", other_names=["eld"])
    Pool.objects.create(name="Pool", description="[[old]]")
    SavedSearch.objects.create(user=user, query="-old x")
    return PostEditor(User.objects.system(), make_request("alias a -> b"), batch_size=1)


def result() -> list[object]:
    counts = ("tag_string", "tag_count_general", "tag_count_artist")
    return [
        list(Post.objects.order_by("id").values_list(*counts)),
        {post.pk: post.versions.count() for post in Post.objects.all()},
        sorted(Tag.objects.values_list("name", "category", "post_count")),
        sorted(map(str, TagAlias.objects.active())),
        sorted(map(str, TagImplication.objects.active())),
        sorted(WikiPage.objects.values_list("title", "body", "is_deleted")),
        list(Artist.objects.values_list("name", "other_names", "is_deleted")),
        list(Pool.objects.values_list("description", flat=True)),
        list(SavedSearch.objects.values_list("query", flat=True)),
        sorted(User.objects.values_list("blacklisted_tags", flat=True)),
    ]


def test_a_move_that_dies_at_any_statement_can_be_repeated():
    editor = make_scene()
    with transaction.atomic():
        TagMover("old", "next", editor).move()
        expected = result()
        transaction.set_rollback(True)
    for at in count(1, STEP):
        with transaction.atomic():
            death = Death(at)
            try:
                with connection.execute_wrapper(death):
                    TagMover("old", "next", editor).move()
            except Died:
                # Nothing was sent: only this test's own transaction would have to be rolled back.
                transaction.set_rollback(False)
                TagMover("old", "next", editor).move()
            assert result() == expected, f"died at statement {at}"
            transaction.set_rollback(True)
        if death.left > 0:
            return
