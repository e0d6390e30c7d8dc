from datetime import timedelta

import pytest
from django.utils import timezone

from booru.models import Credit, Tag, TagVersion
from booru.models.tags.tag import TagCategory
from tests.support.tag_factories import make_alias, make_request, make_tag, make_user

pytestmark = pytest.mark.django_db


def versions_of(tag):
    return list(
        tag.versions.order_by("version").values_list("version", "category", "is_deprecated", "updater")
    )


def test_a_new_tag_has_no_versions():
    Tag.objects.find_or_create("foo", TagCategory.ARTIST, make_user())
    assert not TagVersion.objects.exists()


def test_the_first_change_writes_the_state_before_it_too():
    tag, user = make_tag("foo"), make_user()
    before = timezone.now() - timedelta(days=9)
    Tag.objects.filter(pk=tag.pk).update(updated_at=before)
    tag.update(Credit(user), category=TagCategory.META)
    assert versions_of(tag) == [(1, 0, False, None), (2, 5, False, user.pk)]
    first, second = tag.versions.order_by("version")
    assert (first.created_at, first.updated_at, first.name) == (before, before, "foo")
    assert second.created_at == tag.updated_at > before


def test_every_later_change_writes_one_version_even_by_the_same_user():
    tag, credit = make_tag("foo"), Credit(make_user())
    tag.update(credit, category=TagCategory.META)
    tag.update(credit, category=TagCategory.ARTIST, is_deprecated=True)
    tag.update(credit, category=TagCategory.ARTIST)
    assert [row[:3] for row in versions_of(tag)] == [(1, 0, False), (2, 5, False), (3, 1, True)]


def test_a_version_names_the_request_that_it_is_a_part_of():
    tag, request = make_tag("foo"), make_request("alias a -> b")
    tag.update(Credit(make_user(), request), is_deprecated=True)
    assert [version.bulk_update_request for version in tag.versions.order_by("version")] == [None, request]


def test_the_tags_that_are_aliases_get_versions_of_their_own():
    old, tag, user = make_tag("old"), make_tag("foo"), make_user()
    make_alias("old", "foo")
    tag.update(Credit(user), category=TagCategory.META)
    assert versions_of(old) == [(1, 0, False, None), (2, 5, False, user.pk)]


def test_a_change_is_compared_with_the_tag_as_it_is_now():
    stale = make_tag("foo")
    Tag.objects.get(pk=stale.pk).update(Credit(make_user()), category=TagCategory.META)
    stale.update(Credit(make_user()), is_deprecated=True)
    assert (stale.category, stale.is_deprecated) == (TagCategory.META, True)
    assert [row[:3] for row in versions_of(stale)] == [(1, 0, False), (2, 5, False), (3, 5, True)]
