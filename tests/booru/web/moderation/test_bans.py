from datetime import timedelta

import pytest
from django.utils import timezone

from booru.models import Ban, Level, ModAction, Post, User
from tests.support.factories import BanFactory, PostFactory, UserFactory

DAY = timedelta(days=1)


@pytest.fixture
def moderator(db):
    return UserFactory(level=Level.MODERATOR)


def form(**values):
    return {f"ban[{name}]": value for name, value in values.items()}


def test_a_moderator_bans(browser, moderator, member):
    client = browser(moderator)
    fields = form(user_name=member.name, duration="3 days", reason="Spam")
    response = client.post("/bans", fields)
    ban = Ban.objects.get()
    assert (response.status_code, response["Location"]) == (302, f"/bans/{ban.pk}")
    assert (ban.user, ban.banner, ban.duration, ban.reason) == (member, moderator, 3 * DAY, "Spam")
    assert "Spam" in client.get(response["Location"]).content.decode()


def test_the_form_knows_the_user(browser, moderator, member):
    page = browser(moderator).get(f"/bans/new?ban[user_id]={member.pk}").content.decode()
    assert f'value="{member.name}"' in page
    assert "votes on posts" not in page
    admin = UserFactory(level=Level.ADMIN)
    assert "votes on posts" in browser(admin).get("/bans/new").content.decode()


@pytest.mark.parametrize(
    ("duration", "saved"),
    [("forever", 36_500 * DAY), ("100 years", 36_500 * DAY), ("86400", DAY), ("1 Month", 30 * DAY)],
)
def test_durations_in_words_and_seconds(browser, moderator, member, duration, saved):
    browser(moderator).post("/bans", form(user_id=member.pk, duration=duration, reason="Spam"))
    assert Ban.objects.get().duration == saved


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"duration": "5 years"}, "5 years is not a valid ban duration"),
        ({"duration": "172800"}, "172800 is not a valid ban duration"),
        ({"reason": " "}, "Reason can't be blank"),
        ({"user_name": "nobody"}, "User must exist"),
        ({"delete_posts": "true"}, "Post deletion reason is required"),
        ({"delete_post_votes": "true"}, "Delete post votes is not allowed by Moderator"),
    ],
)
def test_a_bad_ban_is_shown_again(browser, moderator, member, change, message):
    fields = form(**{"user_name": member.name, "duration": "3 days", "reason": "Spam", **change})
    response = browser(moderator).post("/bans", fields)
    assert response.status_code == 200
    text = response.content.decode().replace("&#x27;", "'")
    assert f'role="alert">{message}</div>' in text
    assert not Ban.objects.exists()


def test_nobody_is_banned_twice(browser, moderator):
    user = UserFactory(is_banned=True)
    fields = form(user_name=user.name, duration="forever", reason="Spam")
    assert "User is already banned" in browser(moderator).post("/bans", fields).content.decode()
    response = browser(moderator).post(
        "/bans.json",
        {"ban": {"user_name": user.name, "duration": 86400, "reason": "Spam"}},
        "application/json",
    )
    assert response.status_code == 422
    assert response.json() == {"errors": {"user_name": ["is already banned"]}}


@pytest.mark.parametrize("level", [Level.MODERATOR, Level.ADMIN, Level.OWNER])
def test_nobody_of_the_same_level_or_above_is_banned(browser, moderator, level):
    user = UserFactory(level=level)
    fields = form(user_name=user.name, duration="forever", reason="Spam")
    assert browser(moderator).post("/bans", fields).status_code == 403
    assert not Ban.objects.exists()


def test_pending_posts_go_with_it(browser, moderator, member):
    post = PostFactory(uploader=member, is_pending=True)
    fields = form(
        user_name=member.name,
        duration="forever",
        reason="Spam",
        delete_posts="on",
        post_deletion_reason="Spam too",
    )
    browser(moderator).post("/bans", fields)
    assert Post.objects.get(pk=post.pk).is_deleted


def test_a_ban_is_changed(browser, moderator, member):
    ban = BanFactory(user=member)
    client = browser(moderator)
    assert "Rude." in client.get(f"/bans/{ban.pk}/edit").content.decode()
    response = client.post(f"/bans/{ban.pk}", {"_method": "put", **form(duration="forever", reason="Worse")})
    assert (response.status_code, response["Location"]) == (302, f"/bans/{ban.pk}")
    ban.refresh_from_db()
    assert (ban.is_forever, ban.reason) == (True, "Worse")
    response = client.put(f"/bans/{ban.pk}.json", {"ban": {"reason": "Bad"}}, "application/json")
    assert response.status_code == 204
    ban.refresh_from_db()
    assert (ban.is_forever, ban.reason) == (True, "Bad")


def test_an_expired_ban_is_not_changed(browser, moderator):
    ban = BanFactory(created_at=timezone.now() - 4 * DAY)
    response = browser(moderator).post(f"/bans/{ban.pk}", {"_method": "put", **form(reason="x")})
    assert response.status_code == 200
    assert "You can&#x27;t update an expired ban" in response.content.decode()


def test_who_is_banned_cannot_be_changed(browser, moderator, member):
    ban = BanFactory()
    response = browser(moderator).post(f"/bans/{ban.pk}", {"_method": "put", **form(user_id=member.pk)})
    assert response.status_code == 403


def test_a_ban_is_lifted(browser, moderator):
    user = UserFactory(is_banned=True)
    ban = user.bans.get()
    response = browser(moderator).post(f"/bans/{ban.pk}", {"_method": "delete"})
    assert (response.status_code, response["Location"]) == (302, "/bans")
    assert not User.objects.get(pk=user.pk).is_banned
    assert ModAction.objects.get().description == f"unbanned <@{user.name}>"


def test_the_banned_are_told_on_every_page(browser, member):
    user = UserFactory(is_banned=True)
    client = browser(user)
    for page in ("/", "/posts", "/settings"):
        assert "You are banned until" in client.get(page).content.decode()
    assert "Rude." in client.get("/").content.decode()
    assert "You are banned" not in browser(member).get("/").content.decode()


def test_an_expired_ban_is_lifted_by_a_visit(browser):
    user = UserFactory(is_banned=True)
    user.bans.update(created_at=timezone.now() - 4 * DAY)
    client = browser(user)
    page = client.get("/dmails/new")
    assert page.status_code == 200
    assert "You are banned" not in page.content.decode()
    assert not User.objects.get(pk=user.pk).is_banned


def test_bans_are_found(browser, moderator, member):
    mine = BanFactory(user=member, banner=moderator, reason="Spam links")
    old = BanFactory(created_at=timezone.now() - 4 * DAY)

    def found(**params):
        query = {f"search[{name}]": value for name, value in params.items()}
        return [record["id"] for record in browser().get("/bans.json", query).json()]

    assert found() == [old.pk, mine.pk]
    assert found(user_name=member.name) == found(banner_id=moderator.pk) == [mine.pk]
    assert found(reason_matches="spam") == [mine.pk]
    assert found(expired="true") == [old.pk]
    assert found(expired="false") == [mine.pk]
    assert found(expired="perhaps") == []
    record = browser().get(f"/bans/{mine.pk}.json").json()
    assert record["duration"] == 3 * 86400
    assert record.keys() == {
        *("id", "created_at", "updated_at", "user_id", "banner_id", "reason", "duration")
    }
    assert "Spam links" in browser().get("/bans").content.decode()
