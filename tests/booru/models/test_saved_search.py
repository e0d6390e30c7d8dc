import re

import pytest

from booru.models import SavedSearch
from booru.posts.search import PostSearch
from tests.support.tag_factories import make_alias, make_user

pytestmark = pytest.mark.django_db


def rewritten(query: str, old: str = "old", new: str = "new") -> str:
    search = SavedSearch.objects.create(user=make_user(), query=query)
    SavedSearch.objects.rename_tag(old, new)
    search.refresh_from_db()
    return search.query


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("old", "new"),
        ("OLD blue", "blue new"),
        ("-old blue", "blue -new"),
        ("~blue ~old", "~blue ~new"),
        ("older -old_one", "older -old_one"),
    ],
)
def test_a_search_names_the_tag_by_its_new_name(query, expected):
    assert sorted(rewritten(query).split()) == sorted(expected.split())


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("~old ~b c", "~new ~b c"),
        ("~(old c) ~-b", "~(new c) ~-b"),
        ("(old or b) c", "(new or b) c"),
        ("c (b or old)", "c (b or new)"),
        ("-(a -(b or (c OLD)))", "-(a -(b or (c new)))"),
        ("~(a old) ~b c", "~(a new) ~b c"),
        ("(~a ~b) (~old ~c)", "(~a ~b) (~new ~c)"),
        ('old* source:old source:"x old y" a', 'old* source:old source:"x old y" a'),
        ("(old", "(new"),
    ],
)
def test_what_stands_around_the_tag_stays(query, expected):
    assert rewritten(query) == expected


@pytest.mark.parametrize(
    ("typed", "saved"),
    [
        ("~A  ~b c", "~a ~b c"),
        ("~a ~b and ~c ~d", "(~a ~b) (~c ~d)"),
        ("(~a ~b) ((c))", "(~a ~b) c"),
        ("(a or b) c", "(a or b) c"),
        ("~a b", "~a b"),
        ("~a", "a"),
        ("~kitty -kitty", "~cat -cat"),
    ],
)
def test_a_search_is_saved_as_it_was_typed_in_its_normal_form(typed, saved):
    make_alias("kitty", "cat")
    search = SavedSearch(user=make_user())
    search.update(query=typed)
    search.refresh_from_db()
    assert search.query == saved
    SavedSearch.objects.rename_tag("a", "new")
    search.refresh_from_db()
    assert "a" not in re.findall(r"\w+", search.query)
    assert PostSearch(search.query).query.tag_names == sorted(
        {"a": "new", "kitty": "cat"}.get(name, name) for name in PostSearch(typed).tag_names
    )


def test_a_name_with_signs_is_taken_as_it_is():
    assert rewritten(":) a.b", "a.b", "c") in {":) c", "c :)"}
    assert rewritten("axb", "a.b", "c") == "axb"


def test_a_search_that_breaks_the_limit_is_rewritten_too():
    words = [f"tag{number}" for number in range(151)]
    assert "new" in rewritten(" ".join([*words, "old"])).split()


def test_searches_are_rewritten_in_more_batches_than_one():
    user = make_user()
    SavedSearch.objects.bulk_create(SavedSearch(user=user, query="old") for _ in range(401))
    other = SavedSearch.objects.create(user=user, query="none of it")
    SavedSearch.objects.rename_tag("old", "new")
    assert SavedSearch.objects.filter(query="new").count() == 401
    unchanged = SavedSearch.objects.get(pk=other.pk)
    assert unchanged.updated_at == other.updated_at


def test_an_overlong_word_can_be_saved():
    assert rewritten("x" * 3000 + " old").endswith(" new")
