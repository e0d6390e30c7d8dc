from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError
from django.utils import timezone
from time_machine import travel

from booru.models import Credit, Level, Pool, WikiPage
from tests.support.tag_factories import make_post, make_request, make_user, make_wiki_page

pytestmark = pytest.mark.django_db


def bodies(page: WikiPage) -> list[str]:
    return list(page.versions.order_by("version").values_list("body", flat=True))


def test_making_a_record_writes_its_first_version():
    user = make_user()
    page = WikiPage.objects.make(Credit(user), title="cat", body="Meows.")
    version = page.versions.get()
    assert (version.version, version.title, version.body) == (1, "cat", "Meows.")
    assert (version.updater, version.bulk_update_request) == (user, None)


def test_edits_of_one_person_within_an_hour_become_one_version():
    page = WikiPage.objects.make(Credit(make_user()), title="cat", body="one")
    user = make_user()
    page.update(Credit(user), body="two")
    page.update(Credit(user), body="three")
    assert bodies(page) == ["one", "three"]


def test_edits_of_two_people_stay_apart():
    page = WikiPage.objects.make(Credit(make_user()), title="cat", body="one")
    page.update(Credit(make_user()), body="two")
    page.update(Credit(make_user()), body="three")
    assert bodies(page) == ["one", "two", "three"]


def test_edits_an_hour_apart_stay_apart():
    user = make_user()
    with travel(timezone.now() - timedelta(minutes=61), tick=False):
        page = WikiPage.objects.make(Credit(user), title="cat", body="one")
    page.update(Credit(user), body="two")
    assert bodies(page) == ["one", "two"]


def test_edits_for_a_request_stay_apart_from_others_of_the_same_person():
    user = make_user()
    request = make_request("create alias aaa -> bbb")
    page = WikiPage.objects.make(Credit(user), title="cat", body="one")
    page.update(Credit(user, request), body="two")
    page.update(Credit(user, request), body="three")
    page.update(Credit(user), body="four")
    assert bodies(page) == ["one", "three", "four"]
    assert list(request.wikipageversions.values_list("body", flat=True)) == ["three"]


def test_the_first_edit_of_a_record_without_versions_keeps_what_it_was():
    page = make_wiki_page("cat", "one")
    page.update(Credit(make_user()), body="two")
    assert bodies(page) == ["one", "two"]
    assert page.versions.get(version=1).updater is None


def test_an_edit_that_changes_nothing_writes_nothing():
    page = WikiPage.objects.make(Credit(make_user()), title="cat", body="one")
    saved_at = page.updated_at
    page.update(Credit(make_user()), body=" one ")
    page.refresh_from_db()
    assert page.updated_at == saved_at
    assert bodies(page) == ["one"]


def test_an_edit_that_is_refused_writes_nothing():
    page = WikiPage.objects.make(Credit(make_user()), title="cat", body="one")
    with pytest.raises(ValidationError):
        page.update(Credit(make_user()), body="")
    page.refresh_from_db()
    assert (page.body, bodies(page)) == ("one", ["one"])


def test_an_edit_starts_from_what_is_saved_now():
    user = make_user(Level.BUILDER)
    posts = [make_post("a"), make_post("b")]
    pool = Pool.objects.make(Credit(user), name="two posts")
    stale = Pool.objects.get(pk=pool.pk)
    pool.add_posts(Credit(user), [posts[0].pk])
    stale.add_posts(Credit(user), [posts[1].pk])
    pool.refresh_from_db()
    assert pool.post_ids == [posts[0].pk, posts[1].pk]
