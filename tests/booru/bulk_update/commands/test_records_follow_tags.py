"""What a moved tag takes with it besides posts (behaviour B.4)."""

import pytest

from booru.models import Artist, Credit, Pool, SavedSearch, WikiPage
from booru.models.tags.tag import TagCategory
from tests.support.tag_factories import apply_script, make_post, make_tag, make_user, make_wiki_page

pytestmark = pytest.mark.django_db


def apply_and_return(script: str):
    request = apply_script(script)
    assert request.status == "approved"
    return request


def test_everything_that_names_a_tag_follows_it():
    make_tag("foo", TagCategory.ARTIST)
    post = make_post("foo blah")
    user = make_user(blacklisted_tags="guro\nfoo -bar")
    artist = Artist.objects.make(Credit(user), name="foo")
    wiki_page = make_wiki_page("foo", "[[foo]]")
    other = make_wiki_page("other", "See [[Foo|him]].")
    pool = Pool.objects.make(Credit(user), name="his work", description="By [[foo]].")
    search = SavedSearch.objects.create(user=user, query="-foo blue_eyes")
    request = apply_and_return("rename foo -> bar")
    for record in (post, user, artist, wiki_page, other, pool, search):
        record.refresh_from_db()
    assert post.tag_string == "bar blah"
    assert (artist.name, artist.other_names) == ("bar", ["foo"])
    assert (wiki_page.title, wiki_page.body) == ("bar", "[[bar]]")
    assert other.body == "See [[Bar|him]]."
    assert pool.description == "By [[bar]]."
    assert sorted(search.query.split()) == ["-bar", "blue_eyes"]
    assert user.blacklisted_tags == "guro\nbar -bar"
    assert request.artistversions.get().name == "bar"
    assert request.poolversions.get().description == "By [[bar]]."
    assert set(request.wikipageversions.values_list("title", flat=True)) == {"bar", "other"}


def test_the_cosplay_tag_takes_its_wiki_page_along():
    post = make_post("toosaka_rin_(cosplay)")
    page = make_wiki_page("toosaka_rin_(cosplay)")
    apply_and_return("alias toosaka_rin -> tohsaka_rin")
    post.refresh_from_db()
    page.refresh_from_db()
    assert post.tag_string == "cosplay tohsaka_rin tohsaka_rin_(cosplay)"
    assert page.title == "tohsaka_rin_(cosplay)"


def test_records_that_break_a_limit_follow_too():
    page = make_wiki_page("one", "[[aaa]]" + "x" * 80_000)
    pool = Pool.objects.create(name="one_pool", description="[[aaa]]" + "x" * 20_000)
    user = make_user(blacklisted_tags="\n".join(["aaa", *(f"t{number}" for number in range(5000))]))
    query = " ".join(["aaa", *(f"t{number}" for number in range(150))])
    search = SavedSearch.objects.create(user=user, query=query)
    apply_and_return("alias aaa -> bbb")
    for record in (page, pool, user, search):
        record.refresh_from_db()
    assert page.body.startswith("[[bbb]]x")
    assert pool.description.startswith("[[bbb]]x")
    assert user.blacklisted_tags.startswith("bbb\n")
    assert "bbb" in search.query.split()
    assert "aaa" not in search.query.split()


def test_two_wiki_pages_become_one():
    old = make_wiki_page("aaa", "first", other_names=["111", "222"])
    new = make_wiki_page("bbb", "second", other_names=["111", "333"])
    apply_and_return("alias aaa -> bbb")
    assert (WikiPage.objects.get(pk=old.pk).body, WikiPage.objects.get(pk=old.pk).is_deleted) == (
        "This tag has been moved to [[bbb]].",
        True,
    )
    assert WikiPage.objects.get(pk=new.pk).other_names == ["111", "333", "222"]


def test_two_artists_become_one():
    credit = Credit(make_user())
    for name in ("aaa", "bbb"):
        Artist.objects.make(credit, name=name, urls=[f"https://x.com/{name}"])
    apply_and_return("alias aaa -> bbb")
    assert Artist.objects.get(name="aaa").is_deleted
    artist = Artist.objects.get(name="bbb")
    assert (artist.other_names, artist.urls) == (["aaa"], ["https://x.com/aaa", "https://x.com/bbb"])
