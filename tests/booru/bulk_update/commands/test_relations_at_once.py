"""Requests whose aliases meet, with nobody to put them in an order."""

from __future__ import annotations

import pytest
from django.core.exceptions import ValidationError
from django.db import connection

from booru.models import Level, Post, Tag, TagAlias, TagImplication, User
from booru.models.tag_relationships.tag_relationship import TagRelationship
from tests.support.at_once import at_once
from tests.support.tag_factories import make_post, make_request, make_user, make_wiki_page

pytestmark = pytest.mark.django_db(transaction=True)


def process_at_once(*scripts: str) -> list[BaseException]:
    """Process a request for each script, all at the same time; returns why some failed."""
    admin = make_user(Level.ADMIN)
    requests = [make_request(script) for script in scripts]
    User.objects.system()
    for request in requests:
        request.approve(admin)
    return [error for error in at_once(*(request.process for request in requests)) if error]


def active(model: type[TagRelationship]) -> dict[str, str]:
    return dict(model._default_manager.active().values_list("antecedent_name", "consequent_name"))


def true_counts() -> dict[str, int]:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT name, count(*) FROM posts, string_to_table(tag_string, ' ') name GROUP BY name"
        )
        return dict(cursor.fetchall())


def assert_everything_moved() -> None:
    aliases, implications = active(TagAlias), active(TagImplication)
    assert not Post.objects.tagged_any(*aliases).exists()
    assert not aliases.keys() & {*aliases.values(), *implications.keys(), *implications.values()}


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ("alias a -> b", "alias b -> c"),
        ("alias a -> b", "alias b -> a"),
        ("alias a -> c", "alias b -> c"),
        ("alias a -> b\nalias d -> c", "alias c -> b\nalias d -> a"),
        ("alias a -> b\nalias c -> d", "alias d -> c\nalias b -> a"),
        ("alias a -> b\nimply b -> e", "imply a -> e\nalias b -> d"),
    ],
)
def test_requests_that_alias_into_each_others_tags_neither_deadlock_nor_lose_anything(first, second):
    poster = make_user()
    posts = [make_post(f"{tag} own{number}", poster) for number in range(10) for tag in "abcd"]
    for tag in "ab":
        make_wiki_page(tag)
    failures = process_at_once(first, second)
    # What contradicts a line of the other is refused by a rule, and nothing else stops them.
    assert all(isinstance(failure, ValidationError) for failure in failures), failures
    if not failures:
        assert_everything_moved()
    assert dict(Tag.objects.exclude(post_count=0).values_list("name", "post_count")) == true_counts()
    for post in posts:
        post.refresh_from_db()
        assert set(post.tags) & set("abcd")
