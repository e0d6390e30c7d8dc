"""What follows a moved tag beside posts, aliases and implications."""

import pytest
from django.core.exceptions import ValidationError
from django.db import connection

from booru.models import Artist, Pool, Post, SavedSearch, Tag, User
from booru.models.tags.tag import TagCategory
from booru.posts.editing.editor import PostEditor
from booru.posts.walking.journal import NoJournal
from booru.services.tags.tag_mover import TagMover
from tests.support.tag_factories import (
    apply_script,
    make_alias,
    make_implication,
    make_post,
    make_request,
    make_tag,
    make_user,
    make_wiki_page,
)

pytestmark = pytest.mark.django_db


def move(old, new, **options):
    TagMover(old, new, PostEditor(User.objects.system(), **options)).move()


def make_artist(name, **fields):
    make_tag(name, TagCategory.ARTIST)
    return Artist.objects.create(name=name, **fields)


def again(record):
    record.refresh_from_db()
    return record


def test_an_artist_entry_gets_the_name_and_keeps_the_old_one():
    artist = again(make_artist("foo", other_names=["fu"]))
    move("foo", "bar")
    assert (again(artist).name, artist.other_names) == ("bar", ["fu", "foo"])
    assert Tag.objects.named("bar").category == TagCategory.ARTIST


def test_two_artist_entries_become_one():
    dead, alive = "-https://x.com/{}", "https://x.com/{}"
    old = make_artist(
        "aaa", group_name="g_aaa", other_names=["111", "222"], urls=[alive.format(111), dead.format(222)]
    )
    new = make_artist(
        "bbb", other_names=["111", "333"], urls=[alive.format(111), dead.format(333), alive.format(444)]
    )
    apply_script("alias aaa -> bbb")
    again(old), again(new)
    assert (old.name, old.other_names, old.group_name, old.urls) == ("aaa", ["bbb"], "", [])
    assert (old.is_deleted, new.is_deleted) == (True, False)
    assert (new.other_names, new.group_name) == (["111", "333", "222", "aaa"], "g_aaa")
    assert new.urls == [dead.format(222), dead.format(333), alive.format(111), alive.format(444)]


def test_a_deleted_artist_entry_stays_where_it_is():
    old, new = make_artist("aaa", other_names=["111"], is_deleted=True), make_artist("bbb")
    apply_script("alias aaa -> bbb")
    assert (again(old).name, old.other_names, old.is_deleted) == ("aaa", ["111"], True)
    assert again(new).other_names == []


def test_a_tag_with_an_artist_entry_does_not_become_something_else():
    make_tag("aaa", TagCategory.COPYRIGHT)
    make_tag("bbb")
    Artist.objects.create(name="bbb")
    post = make_post("aaa")
    with pytest.raises(ValidationError, match="Artist tags must be in the Artist category"):
        move("aaa", "bbb")
    assert again(post).tag_string == "aaa"


def test_an_artist_and_everything_about_it_is_renamed():
    artist, page = make_artist("foo"), make_wiki_page("foo", "About [[foo]].")
    other = make_wiki_page("other", "Not [[Foo]], but [[foo|him]].")
    pool = Pool.objects.create(name="Pool", description="All of [[foo]].")
    search = SavedSearch.objects.create(user=make_user(), query="-foo food")
    hater = make_user(blacklisted_tags="foo x\n-foo\nfood")
    posts = [make_post("foo_(cosplay) y"), make_post("foo blah")]
    request = apply_script("rename foo -> bar")
    assert (again(artist).name, again(page).title, page.body) == ("bar", "bar", "About [[bar]].")
    assert again(other).body == "Not [[Bar]], but [[bar|him]]."
    assert again(pool).description == "All of [[bar]]."
    assert sorted(again(search).query.split()) == ["-bar", "food"]
    assert again(hater).blacklisted_tags == "bar x\n-bar\nfood"
    assert [again(post).tag_string for post in posts] == ["bar bar_(cosplay) cosplay y", "bar blah"]
    for record in (artist, page, other, pool):
        version = record.versions.latest("version")
        assert (version.updater, version.bulk_update_request) == (User.objects.system(), request)


def test_what_is_longer_than_its_limit_follows_all_the_same():
    page = make_wiki_page("page", "[[aaa]]" + "x" * 80_001)
    pool = Pool.objects.create(name="Pool", description="[[aaa]]" + "x" * 20_001)
    hater = make_user(blacklisted_tags=" ".join(["aaa", *(f"t{number}" for number in range(5000))]))
    search = SavedSearch.objects.create(
        user=hater, query=" ".join(["aaa", *(f"t{number}" for number in range(150))])
    )
    assert apply_script("alias aaa -> bbb").status == "approved"
    assert again(page).body.startswith("[[bbb]]x")
    assert again(pool).description.startswith("[[bbb]]x")
    assert hater.blacklisted_tags != again(hater).blacklisted_tags
    assert hater.blacklisted_tags.startswith("bbb t0 ")
    assert "bbb" in again(search).query.split()


def test_the_wiki_page_of_the_cosplay_tag_follows():
    make_post("toosaka_rin_(cosplay)")
    page = make_wiki_page("toosaka_rin_(cosplay)")
    apply_script("alias toosaka_rin -> tohsaka_rin")
    assert again(page).title == "tohsaka_rin_(cosplay)"


def test_no_transaction_is_open_between_the_batches_of_posts(transactional_db):
    """Nobody has to wait for a long move, and it holds no row that others need."""
    posts = [make_post("old") for _ in range(5)]
    seen = []

    class Watch(NoJournal):
        def expect(self, posts):
            seen.append(connection.in_atomic_block)

    move("old", "next", batch_size=2, journal=Watch())
    assert [again(post).tag_string for post in posts] == ["next"] * 5
    assert seen == [False, False]


def test_a_category_change_that_was_cut_short_is_finished_by_the_next_run():
    make_tag("old", TagCategory.ARTIST)
    post, request = make_post("next"), make_request("alias old -> next")
    editor = PostEditor(User.objects.system(), request)
    # The tag was changed, and then the worker died.
    Tag.objects.named("next").change(editor.credit, category=TagCategory.ARTIST)
    TagMover("old", "next", editor).move()
    assert (again(post).tag_count_artist, post.tag_count_general) == (1, 0)


def test_posts_that_are_given_the_old_tag_meanwhile_are_moved_too():
    # The one is found; the other gets the tag while the first is moved.
    posts = [make_post("x"), make_post("old")]

    class Meddler(NoJournal):
        def batch_done(self, *args):
            Post.objects.filter(pk=posts[0].pk, tag_string="x").update(tag_string="old x")

    TagMover("old", "next", PostEditor(make_user(), batch_size=1, journal=Meddler())).move()
    assert [again(post).tag_string for post in posts] == ["next x", "next"]


def test_nothing_moves_to_a_tag_that_is_deprecated_and_no_post_loses_the_old_one():
    make_tag("next", is_deprecated=True)
    post = make_post("old x")
    with pytest.raises(ValidationError, match=r"\[\[next\]\] is deprecated"):
        move("old", "next")
    assert again(post).tag_string == "old x"


def test_implications_of_aliased_tags_cannot_follow():
    make_implication("old", "up")
    make_alias("next", "elsewhere")
    with pytest.raises(ValidationError, match="Antecedent tag must not be aliased to another tag"):
        move("old", "next")
