"""Every page for every kind of visitor: who sees it, who is refused, and that nobody breaks it."""

from contextlib import contextmanager

import pytest
from django.db import transaction

from booru.models import (
    ApiKey,
    Artist,
    BulkUpdateRequest,
    Credit,
    Dmail,
    ForumPost,
    ForumPostVote,
    ForumTopic,
    Level,
    LoginSession,
    ModAction,
    ModerationReport,
    Pool,
    SavedSearch,
    UserFeedback,
    UserNameChangeRequest,
    WikiPage,
)
from tests.support.factories import (
    BanFactory,
    EmailAddressFactory,
    ForumPostFactory,
    PostFactory,
    SentMailFactory,
    TagAliasFactory,
    TagFactory,
    TagImplicationFactory,
    UserFactory,
)

EVERYBODY = {"anonymous", "restricted", "banned", "member", "builder", "moderator", "admin", "owner"}
LOGGED_IN = EVERYBODY - {"anonymous"}
GOOD_STANDING = LOGGED_IN - {"restricted", "banned"}
ADMINS = {"admin", "owner"}
STAFF = {"moderator", *ADMINS}
BUILDERS = {"builder", *STAFF}

PAGES = {
    "/": EVERYBODY,
    "/login": EVERYBODY,
    "/logout": EVERYBODY,
    "/session/confirm_password": LOGGED_IN,
    "/user_events": LOGGED_IN,
    "/user_events.json": LOGGED_IN,
    "/login_sessions": LOGGED_IN,
    "/login_sessions.json": LOGGED_IN,
    "/users": EVERYBODY,
    "/users.json": EVERYBODY,
    "/users/new": {"anonymous"},
    "/users/{user}": EVERYBODY,
    "/users/{user}.json": EVERYBODY,
    "/users/{user}/deactivate": {"owner"},
    "/users/deactivate": LOGGED_IN,
    "/admin/users/{user}/edit": STAFF,
    "/admin/users/{admin}/edit": {"owner"},
    "/bans": EVERYBODY,
    "/bans.json": EVERYBODY,
    "/bans/new": STAFF,
    "/bans/{ban}": EVERYBODY,
    "/bans/{ban}.json": EVERYBODY,
    "/bans/{ban}/edit": STAFF,
    "/bans/{ban_of_moderator}/edit": ADMINS,
    "/user_feedbacks": EVERYBODY,
    "/user_feedbacks.json": EVERYBODY,
    "/user_feedbacks/new": BUILDERS,
    "/user_feedbacks/{feedback}": EVERYBODY,
    "/user_feedbacks/{feedback}.json": EVERYBODY,
    "/user_feedbacks/{feedback}/edit": STAFF,
    "/user_feedbacks/{deleted_feedback}": STAFF,
    "/user_feedbacks/{deleted_feedback}.json": STAFF,
    "/user_name_change_requests": LOGGED_IN,
    "/user_name_change_requests.json": LOGGED_IN,
    "/user_name_change_requests/new": GOOD_STANDING,
    "/user_name_change_requests/new?user_id={user}": STAFF,
    "/user_name_change_requests/new?user_id={admin}": set(),
    "/user_name_change_requests/{name_change}": LOGGED_IN,
    "/user_name_change_requests/{name_change}.json": LOGGED_IN,
    "/user_name_change_requests/{name_change_of_deleted}": STAFF,
    "/user_name_change_requests/{name_change_of_deleted}.json": STAFF,
    "/users/{user}/email/verify": set(),
    "/users/{addressee}/email": STAFF,
    "/users/{addressee}/email.json": STAFF,
    "/users/{addressee}/email/edit": ADMINS,
    "/users/{addressee}/email/verify": set(),
    "/users/{moderator}/email": ADMINS,
    "/users/{moderator}/email/edit": set(),
    "/emails": STAFF,
    "/emails.json": STAFF,
    "/emails/{address}": STAFF,
    "/emails/{address}.json": STAFF,
    "/settings": LOGGED_IN,
    "/users/{user}/password/edit": set(),
    "/users/{user}/totp/edit": set(),
    "/users/{user}/backup_codes": set(),
    "/users/{user}/backup_codes.json": set(),
    "/users/{user}/backup_codes/recover": ADMINS,
    "/api_keys": LOGGED_IN,
    "/api_keys.json": LOGGED_IN,
    "/api_keys/new": LOGGED_IN,
    "/api_keys/{api_key}/edit": set(),
    "/maintenance/user/email_notification": EVERYBODY,
    "/contact": EVERYBODY,
    "/privacy": EVERYBODY,
    "/dmca": EVERYBODY,
    "/dmails": LOGGED_IN,
    "/dmails.json": LOGGED_IN,
    "/dmails/new": GOOD_STANDING,
    "/dmails/{dmail}": {"owner"},
    "/dmails/{dmail}.json": {"owner"},
    "/moderation_reports": STAFF,
    "/moderation_reports.json": STAFF,
    "/moderation_reports/{report}": STAFF,
    "/moderation_reports/{report}.json": STAFF,
    "/moderation_reports/new?moderation_report[model_type]=ForumPost"
    "&moderation_report[model_id]={forum_post}": GOOD_STANDING,
    "/moderation_reports/new?moderation_report[model_type]=Dmail&moderation_report[model_id]={dmail}": set(),
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
    "/post_versions": EVERYBODY,
    "/post_versions.json": EVERYBODY,
    "/tags": EVERYBODY,
    "/tags.json": EVERYBODY,
    "/tags/{tag}": EVERYBODY,
    "/tags/{tag}.json": EVERYBODY,
    "/tags/{tag}/edit": GOOD_STANDING,
    "/tag_versions": EVERYBODY,
    "/tag_versions.json": EVERYBODY,
    "/tag_aliases": EVERYBODY,
    "/tag_aliases.json": EVERYBODY,
    "/tag_aliases/{alias}": EVERYBODY,
    "/tag_aliases/{alias}.json": EVERYBODY,
    "/tag_implications": EVERYBODY,
    "/tag_implications.json": EVERYBODY,
    "/tag_implications/{implication}": EVERYBODY,
    "/tag_implications/{implication}.json": EVERYBODY,
    "/mod_actions": EVERYBODY,
    "/mod_actions.json": EVERYBODY,
    "/mod_actions/{action}": EVERYBODY,
    "/mod_actions/{action}.json": EVERYBODY,
    "/mod_actions/{secret}": STAFF,
    "/mod_actions/{secret}.json": STAFF,
    "/wiki_pages": EVERYBODY,
    "/wiki_pages.json": EVERYBODY,
    "/wiki_pages?search[is_deleted]=any": EVERYBODY,
    "/wiki_pages/new": GOOD_STANDING,
    "/wiki_pages/touhou": EVERYBODY,
    "/wiki_pages/touhou.json": EVERYBODY,
    "/wiki_pages/{wiki_page}.json": EVERYBODY,
    "/wiki_pages/{wiki_page}/edit": GOOD_STANDING,
    "/wiki_pages/{locked_page}/edit": BUILDERS,
    "/wiki_page_versions": EVERYBODY,
    "/wiki_page_versions.json": EVERYBODY,
    "/pools": EVERYBODY,
    "/pools.json": EVERYBODY,
    "/pools/new": GOOD_STANDING,
    "/pools/{pool}": EVERYBODY,
    "/pools/{pool}.json": EVERYBODY,
    "/pools/{pool}/edit": GOOD_STANDING,
    "/pools/{deleted_pool}": EVERYBODY,
    "/pools/{deleted_pool}/edit": BUILDERS,
    "/pool_versions": EVERYBODY,
    "/pool_versions.json": EVERYBODY,
    "/artists": EVERYBODY,
    "/artists.json": EVERYBODY,
    "/artists/new": GOOD_STANDING,
    "/artists/{artist}": EVERYBODY,
    "/artists/{artist}.json": EVERYBODY,
    "/artists/{artist}/edit": GOOD_STANDING,
    "/artist_versions": EVERYBODY,
    "/artist_versions.json": EVERYBODY,
    "/saved_searches": LOGGED_IN,
    "/saved_searches.json": LOGGED_IN,
    "/saved_searches/{saved_search}/edit": set(),
    "/forum_topics": EVERYBODY,
    "/forum_topics.json": EVERYBODY,
    "/forum_topics/new": GOOD_STANDING,
    "/forum_topics/{topic}": EVERYBODY,
    "/forum_topics/{topic}.json": EVERYBODY,
    "/forum_topics/{topic}/edit": STAFF,
    "/forum_posts": EVERYBODY,
    "/forum_posts.json": EVERYBODY,
    "/forum_posts/{forum_post}.json": EVERYBODY,
    "/forum_posts/{forum_post}/edit": STAFF,
    "/forum_posts/{hidden}.json": STAFF,
    "/forum_posts/{hidden}/edit": STAFF,
    "/forum_post_votes": EVERYBODY,
    "/forum_post_votes.json": EVERYBODY,
    "/forum_post_votes/{vote}.json": EVERYBODY,
    "/jobs": EVERYBODY,
    "/sent_mails": ADMINS,
    "/sent_mails.json": ADMINS,
    "/sent_mails/{sent_mail}": ADMINS,
    "/sent_mails/{sent_mail}.json": ADMINS,
    "/requests/request-1": ADMINS,
    "/requests/request-1.json": ADMINS,
}


@pytest.fixture
def records(db):
    """Something to look at, which belongs to none of the visitors."""
    user, other = UserFactory(), UserFactory()
    tag = TagFactory(name="touhou")
    bur = BulkUpdateRequest.objects.request(
        user=user, script="create alias aaa -> bbb", title="t", reason="r"
    )
    log, categories = ModAction.objects.log, ModAction.Category
    address = EmailAddressFactory()
    credit = Credit(UserFactory(level=Level.BUILDER))
    give, renamed = UserFeedback.objects.give, UserNameChangeRequest.objects.create
    deleted_feedback = give(user, other, "neutral", "Gone.")
    deleted_feedback.edit(other, is_deleted=True)
    names = {"original_name": "aa", "desired_name": "bb"}
    page = WikiPage.objects.make(credit, title="touhou", body="[[solo]]")
    pool = Pool.objects.make(credit, name="a pool", description="{{solo}}")
    return {
        "wiki_page": page.pk,
        "locked_page": WikiPage.objects.make(credit, title="locked", body="x", is_locked=True).pk,
        "pool": pool.pk,
        "deleted_pool": Pool.objects.make(credit, name="deleted pool", is_deleted=True).pk,
        "artist": Artist.objects.make(credit, name="someone", urls=["https://x.com/a", "-x.com/b"]).pk,
        "api_key": ApiKey.objects.make(user)[0].pk,
        "saved_search": SavedSearch.objects.create(user=user, query="solo").pk,
        "address": address.pk,
        "addressee": address.user_id,
        "moderator": EmailAddressFactory(user__level=Level.MODERATOR).user_id,
        "tag": tag.pk,
        "alias": TagAliasFactory().pk,
        "implication": TagImplicationFactory().pk,
        "action": log(other, categories.USER_BAN, "banned").pk,
        "secret": log(other, categories.IP_BAN_CREATE, "banned an address").pk,
        "forum_post": bur.forum_post_id,
        "hidden": ForumPostFactory(topic=bur.forum_topic, is_deleted=True).pk,
        "vote": ForumPostVote.objects.cast(bur.forum_post, other, 1).pk,
        "user": user.pk,
        "login_session": LoginSession.objects.create(user=user).pk,
        "admin": UserFactory(level=Level.ADMIN).pk,
        "ban": BanFactory(user=other).pk,
        "ban_of_moderator": BanFactory(user=UserFactory(level=Level.MODERATOR)).pk,
        "feedback": give(user, other, "positive", "Nice.").pk,
        "deleted_feedback": deleted_feedback.pk,
        "name_change": renamed(user=user, **names).pk,
        "name_change_of_deleted": renamed(user=UserFactory(is_deleted=True), **names).pk,
        "dmail": Dmail.objects.send(user, other, "title", "body").pk,
        "report": ModerationReport.objects.report(other, bur.forum_post, "rude").pk,
        "bur": bur.pk,
        "applied_bur": BulkUpdateRequest.objects.create(user=user, script="nuke x", status="approved").pk,
        "topic": bur.forum_topic_id,
        "post": PostFactory(tag_string="solo touhou").pk,
        "sent_mail": SentMailFactory(user=user, recipient="a@example.com", request_id="request-1").pk,
    }


@contextmanager
def taken_back():
    """What happens within it is undone, so that what comes next finds everything as it was."""
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


def test_who_sees_which_page(visitor, records, browser):
    name, user = visitor
    answers = {}
    for page in PAGES:
        with taken_back():
            response = browser(user).get(page.format(**records))
            answers[page] = response.status_code
            if response.status_code == 302 and name == "anonymous":
                # Those about oneself lead to the log-in page, and back.
                assert response["Location"] == f"/login?url={page}"
                answers[page] = 403
            elif page.split("?")[0].endswith(".json"):
                response.json()
            else:
                assert 'href="/"' in response.content.decode(), f"{page} leads nowhere"
    assert answers == {page: 200 if name in sees else 403 for page, sees in PAGES.items()}


ACTIONS = {
    ("POST", "/dmca"): EVERYBODY,
    ("POST", "/dmails"): GOOD_STANDING,
    ("PUT", "/dmails/{dmail}"): set(),
    ("POST", "/dmails/mark_all_as_read"): LOGGED_IN,
    ("POST", "/dmails/hide_notice"): LOGGED_IN,
    ("POST", "/moderation_reports"): GOOD_STANDING,
    ("PUT", "/moderation_reports/{report}"): STAFF,
    ("POST", "/forum_topics/mark_all_as_read"): LOGGED_IN,
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
    ("POST", "/session/confirm_password"): LOGGED_IN,
    ("POST", "/logout"): EVERYBODY,
    ("DELETE", "/login_sessions/{login_session}"): set(),
    ("POST", "/login_sessions/revoke_others"): LOGGED_IN,
    ("DELETE", "/users/{user}"): {"owner"},
    ("PUT", "/admin/users/{user}"): STAFF,
    ("PUT", "/admin/users/{admin}"): {"owner"},
    ("POST", "/bans"): STAFF,
    ("PUT", "/bans/{ban}"): STAFF,
    ("DELETE", "/bans/{ban}"): STAFF,
    ("PUT", "/bans/{ban_of_moderator}"): ADMINS,
    ("DELETE", "/bans/{ban_of_moderator}"): ADMINS,
    ("POST", "/user_feedbacks"): BUILDERS,
    ("PUT", "/user_feedbacks/{feedback}"): STAFF,
    ("POST", "/user_name_change_requests"): GOOD_STANDING,
    ("PUT", "/settings"): LOGGED_IN,
    ("PUT", "/users/{user}/password"): set(),
    ("PUT", "/users/{user}/totp"): set(),
    ("DELETE", "/users/{user}/totp"): set(),
    ("POST", "/users/{user}/backup_codes"): set(),
    ("POST", "/users/{user}/backup_codes/recover"): ADMINS,
    ("POST", "/api_keys"): LOGGED_IN,
    ("PUT", "/api_keys/{api_key}"): set(),
    ("DELETE", "/api_keys/{api_key}"): set(),
    ("POST", "/wiki_pages"): GOOD_STANDING,
    ("PUT", "/wiki_pages/touhou"): GOOD_STANDING,
    ("PUT", "/wiki_pages/{wiki_page}"): GOOD_STANDING,
    ("PUT", "/wiki_pages/locked"): BUILDERS,
    ("DELETE", "/wiki_pages/touhou"): BUILDERS,
    ("POST", "/pools"): GOOD_STANDING,
    ("PUT", "/pools/{pool}"): GOOD_STANDING,
    ("PUT", "/pools/{deleted_pool}"): BUILDERS,
    ("DELETE", "/pools/{pool}"): BUILDERS,
    ("POST", "/artists"): GOOD_STANDING,
    ("PUT", "/artists/{artist}"): GOOD_STANDING,
    ("DELETE", "/artists/{artist}"): BUILDERS,
    ("POST", "/dtext_preview"): LOGGED_IN,
    ("POST", "/saved_searches"): LOGGED_IN,
    ("PUT", "/saved_searches/{saved_search}"): set(),
    ("DELETE", "/saved_searches/{saved_search}"): set(),
    ("POST", "/users/{user}/email/send_confirmation"): set(),
    ("POST", "/users/{addressee}/email/send_confirmation"): set(),
    ("PUT", "/users/{addressee}/email"): ADMINS,
    ("PUT", "/users/{moderator}/email"): set(),
    ("DELETE", "/users/{addressee}/email"): set(),
    ("PUT", "/posts/{post}"): GOOD_STANDING,
    ("POST", "/posts/{post}/votes"): GOOD_STANDING,
    ("DELETE", "/posts/{post}/votes"): GOOD_STANDING,
    ("POST", "/favorites?post_id={post}"): GOOD_STANDING,
    ("DELETE", "/favorites/{post}"): GOOD_STANDING,
    ("PUT", "/tags/{tag}"): GOOD_STANDING,
    ("DELETE", "/tag_aliases/{alias}"): ADMINS,
    ("DELETE", "/tag_implications/{implication}"): ADMINS,
    ("POST", "/forum_topics"): GOOD_STANDING,
    ("PUT", "/forum_topics/{topic}"): STAFF,
    ("DELETE", "/forum_topics/{topic}"): STAFF,
    ("POST", "/forum_topics/{topic}/undelete"): STAFF,
    ("POST", "/forum_posts"): GOOD_STANDING,
    ("PUT", "/forum_posts/{forum_post}"): STAFF,
    ("DELETE", "/forum_posts/{forum_post}"): STAFF,
    ("POST", "/forum_posts/{hidden}/undelete"): STAFF,
    ("POST", "/forum_post_votes?forum_post_id={forum_post}"): GOOD_STANDING,
    ("DELETE", "/forum_post_votes/{vote}"): set(),
    ("PUT", "/emails/{address}/deliverability"): STAFF,
}


FIELDS = {
    "/forum_posts": {"topic_id": "{topic}"},
    "/moderation_reports": {"model_type": "ForumPost", "model_id": "{forum_post}"},
    "/admin/users/{user}": {"user[level]": 30},
    "/admin/users/{admin}": {"user[level]": 30},
}
# They say why.
OTHER_REFUSALS = {"/admin/users/{user}", "/admin/users/{admin}"}


def test_who_may_do_what(visitor, records, browser):
    name, user = visitor
    wrong = {}
    for (method, page), may in ACTIONS.items():
        with taken_back():
            fields = {field: str(value).format(**records) for field, value in FIELDS.get(page, {}).items()}
            if method != "POST":
                fields = {"_method": method, **fields}
            response = browser(user).post(page.format(**records), fields)
            if (name in may) != _is_done(page, response):
                wrong[method, page] = response.status_code
    assert not wrong


def _is_done(page, response):
    if response.status_code in {200, 302, 303}:
        return True
    assert response.status_code == 403, page
    text = response.content.decode()
    assert "Access denied" in text or (page in OTHER_REFUSALS and "You can&#x27;t promote" in text), page
    return False


def test_topics_above_ones_level_are_neither_listed_nor_shown(visitor, records, browser):
    name, user = visitor
    ForumTopic.objects.filter(pk=records["topic"]).update(min_level=40, title="for moderators")
    may = name in {"moderator", "admin", "owner"}
    client = browser(user)
    assert client.get(f"/forum_topics/{records['topic']}").status_code == (200 if may else 403)
    post = ForumPost.objects.filter(topic=records["topic"]).first()
    assert client.get(f"/forum_posts/{post.pk}").status_code == (302 if may else 403)
    pages = ("/", "/forum_topics", "/forum_posts", "/bulk_update_requests")
    pages = (*pages, f"/bulk_update_requests/{records['bur']}")
    for page in pages:
        assert ("for moderators" in client.get(page).content.decode()) is may, page
    for path in ("/forum_topics.json", "/forum_posts.json", "/forum_post_votes.json"):
        assert bool(client.get(path).json()) is may, path
