"""Whatever a request did, and whether it came to its end or not: undone, the site is as it was."""

from __future__ import annotations

from contextlib import suppress
from typing import Any

import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from booru.models import BulkUpdateRequest, Level, Post, Tag, TagAlias, TagImplication, User
from booru.posts.editing.editor import PostEditor
from booru.posts.tag_edits.tag_edit import TagEdit
from tests.booru.bulk_update.worlds import build, commands, some_names, worlds
from tests.booru.services.revert.reverting import counts, revert, true_counts
from tests.support.tag_factories import make_user


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
