"""Every page for every kind of visitor: who sees it, who is refused, and that nobody breaks it."""

import pytest

from booru.models import BulkUpdateRequest, Dmail, ForumPost, ForumTopic
from tests.factories import PostFactory, TagFactory, UserFactory

EVERYBODY = {"anonymous", "restricted", "banned", "member", "builder", "moderator", "admin", "owner"}
LOGGED_IN = EVERYBODY - {"anonymous"}
GOOD_STANDING = LOGGED_IN - {"restricted", "banned"}
ADMINS = {"admin", "owner"}

PAGES = {
    "/": EVERYBODY,
    "/login": EVERYBODY,
    "/logout": EVERYBODY,
    "/users": EVERYBODY,
    "/users.json": EVERYBODY,
    "/users/new": {"anonymous"},
    "/users/{user}": EVERYBODY,
    "/users/{user}.json": EVERYBODY,
    "/users/{user}/email/verify": set(),
    "/settings": LOGGED_IN,
    "/maintenance/user/email_notification": EVERYBODY,
    "/dmails": LOGGED_IN,
    "/dmails.json": LOGGED_IN,
    "/dmails/new": GOOD_STANDING,
    "/dmails/{dmail}": {"owner"},
    "/dmails/{dmail}.json": {"owner"},
    "/bulk_update_requests": EVERYBODY,
    "/bulk_update_requests.json": EVERYBODY,
    "/bulk_update_requests/new": GOOD_STANDING,
    "/bulk_update_requests/{bur}": EVERYBODY,
    "/bulk_update_requests/{bur}.json": EVERYBODY,
    "/bulk_update_requests/{bur}/edit": ADMINS,
    "/bulk_update_requests/{bur}/dry_run": LOGGED_IN,
    "/bulk_update_requests/{bur}/dry_run.json": LOGGED_IN,
    "/posts": EVERYBODY,
    "/posts?tags=touhou+-solo": EVERYBODY,
    "/posts.json": EVERYBODY,
    "/posts/{post}": EVERYBODY,
    "/posts/{post}.json": EVERYBODY,
    "/tags": EVERYBODY,
    "/wiki_pages/touhou": EVERYBODY,
    "/forum_topics": EVERYBODY,
    "/forum_topics/{topic}": EVERYBODY,
    "/jobs": EVERYBODY,
}


@pytest.fixture
def records(db):
    """Something to look at, which belongs to none of the visitors."""
    user, other = UserFactory(), UserFactory()
    TagFactory(name="touhou")
    bur = BulkUpdateRequest.objects.request(
        user=user, script="create alias aaa -> bbb", title="t", reason="r"
    )
    return {
        "user": user.pk,
        "dmail": Dmail.objects.send(user, other, "title", "body").pk,
        "bur": bur.pk,
        "applied_bur": BulkUpdateRequest.objects.create(user=user, script="nuke x", status="approved").pk,
        "topic": bur.forum_topic_id,
        "post": PostFactory(tag_string="solo touhou").pk,
    }


@pytest.mark.parametrize("page", PAGES)
def test_who_sees_the_page(page, visitor, records, browser):
    name, user = visitor
    response = browser(user).get(page.format(**records))
    assert response.status_code == (200 if name in PAGES[page] else 403)
    if page.split("?")[0].endswith(".json"):
        response.json()
    else:
        assert 'href="/"' in response.content.decode(), "a page without a way back"


ACTIONS = {
    ("POST", "/dmails"): GOOD_STANDING,
    ("PUT", "/dmails/{dmail}"): set(),
    ("POST", "/dmails/mark_all_as_read"): LOGGED_IN,
    ("POST", "/bulk_update_requests"): GOOD_STANDING,
    ("POST", "/bulk_update_requests/preview"): GOOD_STANDING,
    ("POST", "/bulk_update_requests/dry_run"): GOOD_STANDING,
    ("POST", "/bulk_update_requests/{bur}/preview"): ADMINS,
    ("PUT", "/bulk_update_requests/{bur}"): ADMINS,
    ("DELETE", "/bulk_update_requests/{bur}"): ADMINS,
    ("POST", "/bulk_update_requests/{bur}/approve"): ADMINS,
    ("POST", "/bulk_update_requests/{bur}/revert"): set(),
    ("POST", "/bulk_update_requests/{applied_bur}/revert"): ADMINS,
    ("POST", "/users"): {"anonymous"},
    ("PUT", "/settings"): LOGGED_IN,
    ("POST", "/users/{user}/email/send_confirmation"): set(),
    ("POST", "/forum_posts"): GOOD_STANDING,
}


@pytest.mark.parametrize(("method", "page"), ACTIONS)
def test_who_may_do_it(method, page, visitor, records, browser):
    name, user = visitor
    fields = {"topic_id": records["topic"]} if page == "/forum_posts" else {}
    client = browser(user)
    response = client.post(
        page.format(**records), {"_method": method, **fields} if method != "POST" else fields
    )
    if name in ACTIONS[method, page]:
        assert response.status_code in {200, 302}
    else:
        assert response.status_code == 403
        assert "Access denied" in response.content.decode()


def test_topics_above_ones_level_are_neither_listed_nor_shown(visitor, records, browser):
    name, user = visitor
    ForumTopic.objects.filter(pk=records["topic"]).update(min_level=40, title="for moderators")
    may = name in {"moderator", "admin", "owner"}
    client = browser(user)
    assert client.get(f"/forum_topics/{records['topic']}").status_code == (200 if may else 403)
    post = ForumPost.objects.filter(topic=records["topic"]).get()
    assert client.get(f"/forum_posts/{post.pk}").status_code == (302 if may else 403)
    pages = ("/", "/forum_topics", "/bulk_update_requests", f"/bulk_update_requests/{records['bur']}")
    for page in pages:
        assert ("for moderators" in client.get(page).content.decode()) is may, page
