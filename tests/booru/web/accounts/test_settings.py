"""The settings page, and that each setting does what it says (behaviour I.1)."""

from datetime import UTC, datetime

import pytest

from booru.models import Artist, Credit, Level, User
from tests.support.factories import EmailAddressFactory, PostFactory, TagFactory, UserFactory, WikiPageFactory


def save(client, **settings):
    fields = {f"user[{name}]": value for name, value in settings.items()}
    return client.post("/settings", {"_method": "put", **fields})


def page(client, path="/settings"):
    response = client.get(path)
    assert response.status_code == 200
    return response.content.decode()


def test_saving_leads_back_with_a_notice(browser, member):
    client = browser(member)
    response = save(client, per_page="50", theme="dark", time_zone="Asia/Tokyo", favorite_tags="touhou solo")
    assert response["Location"] == "/settings"
    shown = page(client)
    assert "Settings updated" in shown
    assert 'value="50"' in shown
    assert '<option value="Asia/Tokyo" selected>Asia/Tokyo</option>' in shown
    assert '<option value="dark" selected>Dark</option>' in shown
    assert "touhou solo</textarea>" in shown


def test_a_box_that_is_not_checked_is_saved_too(browser, member):
    client = browser(member)
    for values, expected in [(["false", "on"], True), ("false", False)]:
        save(client, receive_email_notifications=values, show_deleted_posts=values)
        member.refresh_from_db()
        assert member.receive_email_notifications is member.show_deleted_posts is expected


def test_programs_change_single_settings(browser, member):
    client = browser(member)
    body = {"user": {"per_page": 7, "enable_safe_mode": True}}
    assert client.put("/settings", body, "application/json").status_code == 204
    member.refresh_from_db()
    assert (member.per_page, member.enable_safe_mode, member.theme) == (7, True, "auto")
    response = client.put("/settings", {"user": {"per_page": "many"}}, "application/json")
    assert response.status_code == 422
    assert response.json() == {"errors": {"per_page": ["is not a number"]}}


def test_what_is_wrong_is_said_and_nothing_is_lost(browser, member):
    client = browser(member)
    response = save(
        client,
        per_page="0",
        time_zone="Mars",
        favorite_tags="x " * 1001,
        enable_private_favorites="on",
        blacklisted_tags="my list",
    )
    shown = response.content.decode()
    assert response.status_code == 200
    for message in (
        "Per page is not included in the list",
        "Time zone is not included in the list",
        "Favorite tags can&#x27;t have more than 1000 words",
        "Can&#x27;t enable privacy mode without a Gold account",
    ):
        assert message in shown
    assert "my list</textarea>" in shown
    assert '<option value="auto" selected>' in shown, "what was not sent is shown as it is saved"
    before = User.objects.get(pk=member.pk)
    assert (before.per_page, before.enable_private_favorites) == (20, False)


@pytest.mark.parametrize(
    "name", ["level", "is_verified", "password", "totp_secret", "custom_style", "is_banned"]
)
def test_what_is_no_setting_cannot_be_set(browser, member, name):
    assert save(browser(member), **{name: "60"}).status_code == 403
    member.refresh_from_db()
    assert member.level == Level.MEMBER


def test_the_page_tells_of_the_address(browser, member):
    assert "you cannot reset a forgotten password" in page(browser(member))
    address = EmailAddressFactory(user=member, is_verified=False)
    shown = page(browser(member))
    assert address.address in shown
    assert "unconfirmed" in shown
    assert f'href="/users/{member.pk}/email/verify"' in shown


@pytest.mark.parametrize("state", [{}, {"totp_secret": "JBSWY3DPEHPK3PXP"}, {"is_banned": True}])
def test_every_link_of_the_page_leads_somewhere(browser, state):
    member = EmailAddressFactory(**{f"user__{name}": value for name, value in state.items()}).user
    client = browser(member)
    main = page(client).split("<main", 1)[1].split("</main>", 1)[0]
    links = [part.split('"', 1)[0] for part in main.split('href="')[1:]]
    assert (f"/users/{member.pk}/email/edit" in links) is not member.is_banned
    assert (f"/users/{member.pk}/backup_codes" in links) is bool(member.totp_secret)
    assert "/login_sessions" in links
    assert "/users/deactivate" in links
    for link in links:
        assert client.get(link).status_code in {200, 302}, link


# Theme


@pytest.mark.parametrize(("theme", "scheme"), [("auto", "light dark"), ("light", "light"), ("dark", "dark")])
def test_the_theme_is_on_every_page(browser, theme, scheme):
    client = browser(UserFactory(theme=theme))
    for path in ("/", "/posts", "/settings", "/jobs"):
        shown = page(client, path)
        assert f'<html lang="en" data-theme="{theme}">' in shown
        assert f'<meta name="color-scheme" content="{scheme}">' in shown


def test_visitors_get_the_theme_of_their_system(browser):
    assert 'data-theme="auto"' in page(browser(), "/")


# Time zone


def test_times_are_shown_in_ones_time_zone(browser):
    moment = datetime(2026, 1, 15, 12, tzinfo=UTC)
    profile = UserFactory(created_at=moment)
    path = f"/users/{profile.pk}"
    for zone, shown in [
        ("Eastern Time (US & Canada)", "2026-01-15 07:00:00 EST"),
        ("Asia/Tokyo", "2026-01-15 21:00:00 JST"),
        ("UTC", "2026-01-15 12:00:00 UTC"),
        ("a zone that is gone", "2026-01-15 12:00:00 UTC"),
    ]:
        assert f'title="{shown}"' in page(browser(UserFactory(time_zone=zone)), path)
    assert 'title="2026-01-15 12:00:00 UTC"' in page(browser(), path), "visitors see UTC again"


# Posts


def ids(response):
    return [record["id"] for record in response.json()]


def test_a_page_has_as_many_posts_as_one_likes(browser, member):
    for _ in range(25):
        PostFactory()
    client = browser(UserFactory(per_page=3))
    assert len(ids(client.get("/posts.json"))) == 3
    assert page(client, "/posts").count('class="post-number"') == 3
    assert len(ids(client.get("/posts.json?limit=5"))) == 5
    assert len(ids(client.get("/posts.json?tags=limit:4"))) == 4
    assert len(ids(client.get("/posts.json?page=2"))) == 3
    assert len(ids(browser(member).get("/posts.json"))) == 20
    assert len(ids(browser().get("/posts.json"))) == 20


@pytest.fixture
def deleted_post(db):
    return PostFactory(tag_string="a", is_deleted=True)


def test_deleted_posts_are_shown_to_who_wants_them(browser, member, deleted_post):
    post = PostFactory(tag_string="a b")
    wants_them = UserFactory(show_deleted_posts=True)
    for tags in ("", "a", "a or b"):
        assert ids(browser().get("/posts.json", {"tags": tags})) == [post.pk]
        assert ids(browser(member).get("/posts.json", {"tags": tags})) == [post.pk]
        assert ids(browser(wants_them).get("/posts.json", {"tags": tags})) == [post.pk, deleted_post.pk]


@pytest.mark.parametrize(
    "tags", ["status:deleted", "status:any a", "a is:deleted", "-status:active", "(status:all)"]
)
def test_deleted_posts_are_found_by_a_search_that_names_a_status(browser, deleted_post, tags):
    assert deleted_post.pk in ids(browser().get("/posts.json", {"tags": tags}))


def test_what_is_left_out_does_not_count_as_a_tag(browser, member, deleted_post):
    assert browser(member).get("/posts.json?tags=a+b").status_code == 200
    assert browser(member).get("/posts.json?tags=a+b+c").status_code == 422


def test_a_search_with_a_syntax_error_finds_nothing_as_ever(browser, member):
    PostFactory()
    assert "syntax error" in page(browser(member), "/posts?tags=(")


def test_safe_mode_finds_only_what_is_rated_general(browser, member):
    post = PostFactory(tag_string="a", rating="g")
    PostFactory(tag_string="a", rating="e")
    client = browser(UserFactory(enable_safe_mode=True))
    for tags in ("", "a", "a or b", "-rating:g"):
        found = ids(client.get("/posts.json", {"tags": tags}))
        assert found == ([] if tags == "-rating:g" else [post.pk])
    assert len(ids(browser(member).get("/posts.json"))) == 2


def test_other_lists_of_posts_know_the_settings_too(browser, member):
    artist = Artist.objects.make(Credit(member), name="somebody")
    WikiPageFactory(title="somebody")
    tag = TagFactory(name="somebody_else")
    WikiPageFactory(title=tag.name)
    tags = f"somebody {tag.name}"
    deleted, explicit, general = (
        PostFactory(tag_string=tags, **fields)
        for fields in ({"is_deleted": True}, {"rating": "e"}, {"rating": "g"})
    )
    viewers = {
        member: {explicit, general},
        UserFactory(show_deleted_posts=True): {deleted, explicit, general},
        UserFactory(enable_safe_mode=True): {general},
    }
    for viewer, seen in viewers.items():
        for path in ("/", f"/artists/{artist.pk}", f"/wiki_pages/{tag.name}"):
            shown = page(browser(viewer), path)
            links = {part.split('"')[0].split("?")[0] for part in shown.split('href="')[1:]}
            found = {post for post in (deleted, explicit, general) if f"/posts/{post.pk}" in links}
            assert found == seen, path


@pytest.mark.parametrize("path", ["/", "/posts"])
def test_the_blacklist_hides_posts_but_not_that_they_are_there(browser, path):
    hidden = PostFactory(tag_string="guro something_awful", rating="e")
    PostFactory(tag_string="solo", rating="g")
    shown = page(browser(UserFactory()), path)
    assert f'href="/posts/{hidden.pk}"' in shown
    assert shown.count("Hidden by your blacklist") == 1
    assert "something_awful" not in shown.split('class="post-grid"')[1]
    assert "Hidden by your blacklist" not in page(browser(UserFactory(blacklisted_tags="")), path)
    assert "Hidden by your blacklist" not in page(browser(), path)


def test_favorite_tags_are_beside_the_posts(browser, member):
    post = PostFactory()
    client = browser(UserFactory(favorite_tags="touhou\nhatsune_miku <b>"))
    for path in ("/posts", f"/posts/{post.pk}"):
        shown = page(client, path)
        assert "Favorite tags" in shown
        assert '<a href="/posts?tags=hatsune_miku">hatsune_miku</a>' in shown
        assert "<b>" not in shown
        assert "Favorite tags" not in page(browser(member), path)


def test_private_favorites_are_seen_by_nobody_else(browser, member):
    gold = UserFactory(level=Level.GOLD, name="goldie")
    post = PostFactory()
    client = browser(gold)
    client.post("/favorites", {"post_id": post.pk})
    assert ids(browser(member).get("/posts.json?tags=fav:goldie")) == [post.pk]
    save(client, enable_private_favorites="on")
    assert ids(browser(member).get("/posts.json?tags=fav:goldie")) == []
    assert ids(client.get("/posts.json?tags=fav:goldie")) == [post.pk]
