import json

import pytest

from booru.models import Favorite, Level, Post, PostVote
from booru.posts.editing.editor import PostEditor
from booru.posts.tag_edits.tag_edit import TagEdit
from tests.booru.web.test_bad_input import JSON_VALUES, VALUES
from tests.support.factories import PostFactory
from tests.support.tag_factories import make_implication, make_post, make_request, make_user


def put(client, post, **fields):
    return client.post(
        f"/posts/{post.pk}", {"_method": "put", **{f"post[{name}]": value for name, value in fields.items()}}
    )


def put_json(client, post, **fields):
    return client.put(f"/posts/{post.pk}.json", json.dumps({"post": fields}), "application/json")


def test_a_member_edits_a_post(browser, member):
    post, parent = make_post("a b"), make_post("x")
    response = put(
        browser(member), post, tag_string="b c", rating="s", source="https://a.b", parent_id=str(parent.pk)
    )
    assert (response.status_code, response.url) == (302, f"/posts/{post.pk}")
    post.refresh_from_db()
    assert (post.tag_string, post.rating, post.source, post.parent) == ("b c", "s", "https://a.b", parent)
    assert post.versions.order_by("-version").first().updater == member
    page = browser(member).get(f"/posts/{parent.pk}").content.decode()
    assert f'Children</h2>\n        <p><a href="/posts/{post.pk}">' in page


def test_two_people_edit_a_post_at_once(browser, member):
    post = make_post("a b c")
    PostEditor(make_user()).edit_post(post, TagEdit.parse("theirs -c rating:e"))
    shown = {"old_tag_string": "a b c", "old_rating": "g", "old_source": "", "old_parent_id": ""}
    fields = {"tag_string": "a c mine", "rating": "g", "source": "book", "parent_id": ""}
    put(browser(member), post, **fields, **shown)
    post.refresh_from_db()
    assert post.tag_string == "a mine non-web_source theirs"
    assert (post.rating, post.source) == ("e", "book")


def test_warnings_are_shown(browser, member):
    make_implication("a", "b")
    post = make_post("a")
    client = browser(member)
    put(client, post, tag_string="a c_ -rating:s")
    page = client.get(f"/posts/{post.pk}").content.decode()
    assert "Couldn&#x27;t add tag: &#x27;c_&#x27; cannot end with an underscore" in page
    assert "[[b]] could not be removed. Check for implications and try again" in page
    assert "The edit could not be read from here on: -rating:s" in page


def test_programs_get_warnings_and_errors(browser, member):
    post, client = make_post("a"), browser(member)
    assert put_json(client, post, tag_string="a b").status_code == 204
    response = put_json(client, post, tag_string="a b c_")
    assert response.json() == {"warnings": ["Couldn't add tag: 'c_' cannot end with an underscore"]}
    response = put_json(client, post, rating="x")
    assert (response.status_code, response.json()) == (
        422,
        {"errors": {"rating": ["must be G, S, Q, or E"]}},
    )
    response = put_json(client, post, parent_id=post.pk)
    assert response.json() == {"errors": {"base": ["Post cannot have itself as a parent"]}}
    post.refresh_from_db()
    assert (post.tag_string, post.rating) == ("a b", "g")


def test_a_field_that_is_not_sent_stays(browser, member):
    post = make_post("a", source="https://a.b")
    assert put_json(browser(member), post, rating="q").status_code == 204
    post.refresh_from_db()
    assert (post.tag_string, post.source, post.rating) == ("a", "https://a.b", "q")


def test_a_form_with_errors_keeps_what_was_typed(browser, member):
    post = make_post("a")
    response = put(browser(member), post, tag_string="a typed", rating="")
    page = response.content.decode()
    assert response.status_code == 200
    assert "Rating not selected" in page
    assert "a typed</textarea>" in page


def test_only_the_forms_fields_may_be_sent(browser, member):
    assert put(browser(member), make_post("a"), fav_count="5").status_code == 403


def test_the_form_is_for_users_in_good_standing(browser, member):
    post = make_post("a")
    for user, is_shown in ((member, True), (None, False), (make_user(is_banned=True), False)):
        page = browser(user).get(f"/posts/{post.pk}").content.decode()
        assert ("post[tag_string]" in page) is is_shown
        assert ("Favorite</button>" in page) is is_shown


def test_favorites(browser, member):
    post, client = PostFactory(), browser(member)
    assert client.post("/favorites", {"favorite[post_id]": post.pk}).status_code == 302
    assert "Unfavorite</button>" in client.get(f"/posts/{post.pk}").content.decode()
    again = client.post("/favorites.json", {"post_id": post.pk})
    assert (again.status_code, again.json()) == (
        422,
        {"errors": {"user": ["have already favorited this post"]}},
    )
    page = client.post("/favorites", {"favorite[post_id]": post.pk}, follow=True).content.decode()
    assert "You have already favorited this post" in page
    assert client.delete(f"/favorites/{post.pk}.json").status_code == 204
    assert not Favorite.objects.exists()
    assert client.post("/favorites.json", {"post_id": post.pk}).json()["fav_count"] == 1


def test_votes(browser, member):
    post, client = PostFactory(), browser(member)
    assert client.post(f"/posts/{post.pk}/votes.json", {"score": "-1"}).json()["score"] == -1
    client.post(f"/posts/{post.pk}/votes", {"post_vote[score]": "1"})
    assert 'aria-pressed="true">Vote up' in client.get(f"/posts/{post.pk}").content.decode()
    assert client.delete(f"/posts/{post.pk}/votes.json").status_code == 204
    assert not PostVote.objects.active().exists()


@pytest.mark.parametrize("score", ["", "0", "2", "x", "9" * 30, "\u0661"])
def test_a_vote_is_one_up_or_down(score, browser, member):
    post = PostFactory()
    assert browser(member).post(f"/posts/{post.pk}/votes.json", {"score": score}).status_code == 422


@pytest.mark.parametrize("post_id", ["", "0", "x", "9" * 30, "-1"])
def test_a_post_that_is_not_there_is_no_favorite(post_id, browser, member):
    assert browser(member).post("/favorites.json", {"post_id": post_id}).status_code == 404


NAMES = ("tag_string", "rating", "source", "parent_id", "old_tag_string", "old_rating", "old_parent_id")
EDITS = ["- -", 'source:"', "char:", "pool:99999999999999999999", "child:,,", "fav:x " * 200, "parent:-1"]
EDITS += ["favgroup:\u0661", "newpool:\u200b", "/a /b", "(cosplay)", "_(cosplay)", "a_(cosplay)_(cosplay)"]


def test_a_post_takes_any_edit(browser, member):
    client = browser(member)
    for value in [*VALUES, *EDITS]:
        for name in NAMES:
            post = make_post("a")
            response = put(client, post, **{name: value})
            assert response.status_code in {200, 302, 400}, (name, value[:20])
    for value in JSON_VALUES:
        assert put_json(client, make_post("a"), **dict.fromkeys(NAMES, value)).status_code < 500, value


def test_the_history_of_posts(browser):
    user = make_user(Level.BUILDER)
    first, second = make_post("a"), make_post("b")
    bur = make_request("alias xxx -> yyy")
    PostEditor(user, bur).edit_post(first, TagEdit.parse("c rating:e source:https://x.y"))
    client = browser()

    def found(query):
        versions = client.get(f"/post_versions.json?{query}").json()
        return [(version["post_id"], version["version"]) for version in versions]

    assert found("") == [(first.pk, 2), (second.pk, 1), (first.pk, 1)]
    assert found(f"search[post_id]={first.pk}") == [(first.pk, 2), (first.pk, 1)]
    assert found(f"search[updater_name]={user.name}") == [(first.pk, 2)]
    assert found(f"search[bulk_update_request_id]={bur.pk}") == [(first.pk, 2)]
    assert found("limit=1&page=2") == [(second.pk, 1)]
    page = client.get("/post_versions").content.decode()
    assert "Rating: <del>General</del> <ins>Explicit</ins>" in page
    assert f"BUR #{bur.pk}" in page
    assert "/post_versions?search%5Bpost_id%5D=" in client.get(f"/posts/{first.pk}").content.decode()


def test_saved_posts_are_valid(browser, member):
    post = make_post("a")
    put(browser(member), post, tag_string="a\u3000B\tc")
    assert Post.objects.get(pk=post.pk).tag_string == "a b c"


def test_the_history_takes_few_queries_however_long_it_is(browser, member, django_assert_max_num_queries):
    for name in ("one", "two", "three"):
        post = make_post(name)
        for tag in ("a", "b"):
            PostEditor(member).edit_post(post, TagEdit.parse(tag))
    client = browser()
    with django_assert_max_num_queries(6) as captured:
        page = client.get("/post_versions?limit=1000").content.decode()
    assert page.count("<ins>") >= 6
    assert all(query["sql"].count(" OR ") < 2 for query in captured.captured_queries)
