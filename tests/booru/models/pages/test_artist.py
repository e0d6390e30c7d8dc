import pytest
from django.core.exceptions import ValidationError

from booru.models import Artist, Credit, Tag
from booru.models.tags.tag import TagCategory
from tests.support.tag_factories import make_alias, make_tag, make_user

pytestmark = pytest.mark.django_db


@pytest.fixture
def credit():
    return Credit(make_user())


def problems(**fields: object) -> dict[str, list[str]]:
    with pytest.raises(ValidationError) as error:
        Artist.objects.make(Credit(make_user()), **{"name": "bob", **fields})
    return error.value.message_dict


def test_an_entry_makes_an_empty_or_missing_tag_an_artist_tag(credit):
    make_tag("bob")
    Artist.objects.make(credit, name="Bob")
    Artist.objects.make(credit, name="alice")
    assert Tag.objects.get(name="bob").category == TagCategory.ARTIST
    assert Tag.objects.get(name="alice").category == TagCategory.ARTIST
    assert Tag.objects.get(name="bob").versions.get(version=2).updater == credit.user


def test_a_tag_of_another_category_that_has_posts_cannot_have_an_entry():
    make_tag("bob", TagCategory.CHARACTER, post_count=1)
    message = "'bob' is a character tag; artist entries can only be made for artist tags"
    assert problems() == {"name": [message]}
    assert not Artist.objects.exists()


def test_a_tag_that_is_an_alias_of_no_artist_cannot_have_an_entry():
    make_tag("bob")
    make_tag("robert")
    make_alias("bob", "robert")
    assert problems() == {"name": ["Can't change the category of an aliased tag"]}
    assert not Artist.objects.exists()


def test_a_name_follows_the_rules_of_tags_and_is_there_once(credit):
    Artist.objects.make(credit, name="alice")
    assert problems(name="bob_") == {"name": ["'bob_' cannot end with an underscore"]}
    assert problems(name="ALICE") == {"name": ["has already been taken"]}


def test_an_entry_has_limits():
    assert problems(group_name="x" * 81) == {"group_name": ["is too long (maximum is 80 characters)"]}
    assert problems(other_names=[f"n{n}" for n in range(51)]) == {
        "other_names": ["can't have more than 50 names"]
    }
    assert problems(other_names=["x" * 81]) == {
        "other_names": ["can't have a name longer than 80 characters"]
    }
    assert problems(urls=[f"https://x.com/{n}" for n in range(151)]) == {
        "urls": ["can't have more than 150 URLs"]
    }
    assert problems(urls=["ftp://x.com/1"]) == {"urls": ["'ftp://x.com/1' is not a valid URL"]}


def test_an_entry_follows_its_tag(credit):
    make_tag("aaa", TagCategory.ARTIST)
    artist = Artist.objects.make(credit, name="aaa", other_names=["bbb", "ccc"])
    Artist.objects.rename_tag("aaa", "bbb", credit)
    artist.refresh_from_db()
    assert (artist.name, artist.other_names) == ("bbb", ["ccc", "aaa"])


def two_artists(**fields: object) -> tuple[Artist, Artist]:
    credit = Credit(make_user())
    old = Artist.objects.make(
        credit,
        name="aaa",
        group_name="g_aaa",
        other_names=["111", "222"],
        urls=["https://x.com/111", "-https://x.com/222"],
        **fields,
    )
    new = Artist.objects.make(
        credit,
        name="bbb",
        other_names=["111", "333"],
        urls=["https://x.com/111", "-https://x.com/333", "https://x.com/444"],
    )
    return old, new


def test_two_entries_become_one(credit):
    old, new = two_artists(is_banned=True)
    Artist.objects.rename_tag("aaa", "bbb", credit)
    old.refresh_from_db()
    new.refresh_from_db()
    assert (old.is_deleted, old.is_banned, old.group_name, old.urls) == (True, False, "", [])
    assert old.other_names == ["bbb"]
    assert (new.is_deleted, new.is_banned, new.group_name) == (False, True, "g_aaa")
    assert new.other_names == ["111", "333", "222", "aaa"]
    assert new.urls == [
        "-https://x.com/222",
        "-https://x.com/333",
        "https://x.com/111",
        "https://x.com/444",
    ]


def test_a_deleted_entry_stays_where_it_is(credit):
    make_tag("aaa", TagCategory.ARTIST)
    old, new = two_artists(is_deleted=True)
    before = old.state(), new.state()
    Artist.objects.rename_tag("aaa", "bbb", credit)
    old.refresh_from_db()
    new.refresh_from_db()
    assert (old.state(), new.state()) == before


def test_the_entry_of_a_tag_of_another_category_stays_where_it_is(credit):
    artist = Artist.objects.make(credit, name="aaa")
    Tag.objects.filter(name="aaa").update(category=TagCategory.GENERAL)
    Artist.objects.rename_tag("aaa", "bbb", credit)
    artist.refresh_from_db()
    assert artist.name == "aaa"
