"""Programs that act as a user (behaviour 0.3)."""

import json
from base64 import b64encode

import pytest
from django.contrib.sessions.models import Session
from django.test import Client

from booru.models import ApiKey, Dmail, Level, RateLimit, SavedSearch, User, UserEvent
from jobs.engine.models import BackgroundJob
from tests.support import database_clock
from tests.support.factories import BanFactory, DmailFactory, EmailAddressFactory, UserFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def user(db):
    return UserFactory(name="alice")


@pytest.fixture
def key(user):
    return ApiKey.objects.make(user)[1]


def basic(login, key):
    return {"authorization": f"Basic {b64encode(f'{login}:{key}'.encode()).decode()}"}


def program(login, key):
    """Without cookies, and with CSRF checks as on the real site."""
    return Client(enforce_csrf_checks=True, headers=basic(login, key))


def restricted(user, **fields):
    return program(user.name, ApiKey.objects.make(user, **fields)[1])


def save_search(client, query="cat"):
    return client.post("/saved_searches.json", {"saved_search": {"query": query}}, "application/json")


def test_basic_authentication_acts_as_the_user(user, key):
    client = program("Alice", key)
    assert save_search(client).status_code == 201
    assert SavedSearch.objects.get().user == user
    assert [one["query"] for one in client.get("/saved_searches.json").json()] == ["cat"]


def test_so_do_query_parameters(user, key):
    path = f"/saved_searches.json?login=alice&api_key={key}"
    body = {"saved_search": {"query": "cat"}}
    client = Client(enforce_csrf_checks=True)
    assert client.post(path, body, "application/json").status_code == 201
    assert [one["query"] for one in client.get(path).json()] == ["cat"]
    assert SavedSearch.objects.get().user == user


def test_pages_too(user, key):
    assert "My Account" in program("alice", key).get("/").content.decode()


@pytest.mark.parametrize(
    "query", ["login=alice&api_key=wrong", "login=bob&api_key={key}", "login=%C3%A9&api_key=%FF"]
)
def test_a_wrong_key_is_refused(user, key, query):
    UserFactory(name="bob")
    response = Client().get(f"/posts.json?{query.format(key=key)}")
    assert response.status_code == 401
    assert response.json()["message"] == "Invalid API key"
    assert response.json()["success"] is False
    page = Client().get(f"/posts?{query.format(key=key)}")
    assert (page.status_code, "Invalid API key" in page.content.decode()) == (401, True)
    assert "default-src 'self'" in page["Content-Security-Policy"]


@pytest.mark.parametrize(
    "query", ["login=alice", "api_key=abc", "login=alice&api_key=", "login=&api_key=abc"]
)
def test_half_of_it_is_refused(user, query):
    response = Client().get(f"/posts.json?{query}")
    assert response.status_code == 401
    assert response.json()["message"] == "Missing `login` or `api_key`"


def test_empty_parameters_are_none():
    assert Client().get("/posts.json?login=&api_key=").status_code == 200


@pytest.mark.parametrize(
    "header",
    ["Basic", "Basic ", "Basic !!!", "Basic /w==", "basic YWxpY2U=", "BASIC YQA6YgA=", "Basic " + "x" * 9000],
)
def test_a_garbled_header_is_refused(user, header):
    response = Client(headers={"authorization": header}).post("/saved_searches.json")
    assert response.status_code == 401
    assert response.json()["message"] == "Invalid API key"


def test_other_schemes_are_none_of_ours():
    assert Client(headers={"authorization": "Bearer abc"}).get("/posts.json").status_code == 200


def test_a_wrong_key_does_not_fall_back_to_the_cookie(user, member):
    client = Client()
    client.force_login(member)
    assert client.get("/settings?login=alice&api_key=wrong").status_code == 401
    assert client.get("/settings").status_code == 200


def test_the_key_counts_and_not_the_cookie(user, key, member):
    client = Client()
    client.force_login(member)
    response = client.get("/profile", headers=basic("alice", key))
    assert response["Location"] == f"/users/{user.pk}"
    assert client.get("/profile")["Location"] == f"/users/{member.pk}", "still logged in"


def test_a_cookie_alone_still_needs_a_csrf_token(member):
    client = Client(enforce_csrf_checks=True)
    client.force_login(member)
    assert save_search(client).status_code == 403
    assert not SavedSearch.objects.exists()


def test_no_session_comes_of_it(user, key):
    client = program("alice", key)
    response = client.post("/session", {"session[name]": "alice", "session[password]": "password"})
    assert response.status_code == 302
    assert "sessionid" not in client.cookies
    assert client.get("/").status_code == 200
    assert "sessionid" not in client.cookies
    assert Client().get("/settings").status_code == 302
    assert not Session.objects.filter(session_key__in=[c.value for c in client.cookies.values()]).exists()


def test_deleted_users_are_refused(user, key):
    User.objects.filter(pk=user.pk).update(is_deleted=True)
    assert program("alice", key).get("/posts.json").status_code == 401


def test_a_banned_user_may_no_more_than_on_the_site(user, key):
    BanFactory(user=user)
    User.objects.filter(pk=user.pk).update(is_banned=True)
    client = program("alice", key)
    assert client.get("/posts.json").status_code == 200
    other = UserFactory()
    dmail = {"dmail": {"to_id": other.pk, "title": "a", "body": "b"}}
    assert client.post("/dmails.json", dmail, "application/json").status_code == 403
    assert not Dmail.objects.exists()


def test_a_key_does_no_more_than_it_may(user):
    client = restricted(user, permissions=["posts:index", "saved_searches:index"])
    assert client.get("/posts.json").status_code == 200
    assert client.get("/posts").status_code == 200
    assert client.head("/posts").status_code == 200
    refused = client.get("/tags.json")
    assert (refused.status_code, refused.json()["message"]) == (403, "Access denied")
    assert save_search(client).status_code == 403
    assert client.get("/").status_code == 403
    assert client.get("/jobs").status_code == 403
    assert client.get("/delayed_jobs").status_code == 403
    assert client.get("/nowhere").status_code == 404
    assert not SavedSearch.objects.exists()


def test_the_method_that_a_form_names_is_what_counts(user):
    search = SavedSearch.objects.create(user=user, query="cat")
    client = restricted(user, permissions=["saved_searches:update"])
    path = f"/saved_searches/{search.pk}"
    assert client.post(path, {"_method": "delete"}).status_code == 403
    assert client.post(path, {"_method": "put", "saved_search[query]": "dog"}).status_code == 302
    assert SavedSearch.objects.get().query == "dog"


def test_a_key_is_used_from_nowhere_else(user):
    client = restricted(user, addresses=["203.0.113.0/24"])
    assert client.get("/posts.json", REMOTE_ADDR="203.0.113.9").status_code == 200
    assert client.get("/posts.json", REMOTE_ADDR="198.51.100.1").status_code == 403
    assert ApiKey.objects.get().uses == 1


def test_the_last_use_is_kept(user, key):
    program("alice", key).get("/posts.json", REMOTE_ADDR="203.0.113.9")
    api_key = ApiKey.objects.get()
    assert (api_key.uses, api_key.last_ip_address) == (1, "203.0.113.9")
    user.refresh_from_db()
    assert user.last_ip_addr == "203.0.113.9"


def test_limits_are_the_users(user, key, settings):
    settings.DANBOORU_RATE_LIMITS = True
    database_clock.stand_still()
    save_search(program("alice", key))
    assert f"users/{user.pk}" in set(RateLimit.objects.values_list("key", flat=True))


def test_sensitive_pages_want_the_password_and_no_key_has_entered_it(user, key):
    client = program("alice", key)
    assert client.get("/api_keys.json").status_code == 403
    assert client.get("/api_keys")["Location"] == "/session/confirm_password?url=/api_keys"
    client.post("/session/confirm_password", {"session[password]": "password"})
    assert client.get("/api_keys.json").status_code == 403


def test_keys_are_neither_logged_nor_kept_with_jobs(key, caplog):
    user = User.objects.get()
    EmailAddressFactory(user=user)
    path = f"/users/{user.pk}/email/send_confirmation?login=alice&api_key={key}"
    assert Client().post(path).status_code == 302
    Client().get(f"/nowhere?login=alice&api_key={key}")
    [job] = BackgroundJob.objects.all()
    kept = json.dumps([job.context, job.arguments, *UserEvent.objects.values_list("metadata", flat=True)])
    assert "alice" in kept
    assert key not in kept
    assert key not in caplog.text


def test_answers_are_not_for_shared_caches(key):
    assert "private" in program("alice", key).get("/posts.json")["Cache-Control"]


def test_admins_act_as_admins():
    admin = UserFactory(level=Level.ADMIN)
    client = restricted(admin)
    assert client.get("/jobs.json").status_code == 200
    assert client.get("/settings").status_code == 200


def test_no_cookie_is_set_whatever_is_asked_for(user, key):
    client = program("alice", key)
    answers = [
        client.get("/login"),
        client.get("/dmails/new"),
        client.get("/posts"),
        client.post("/saved_searches", {"saved_search[query]": "cat"}),
        client.post("/saved_searches", {"saved_search[query]": ""}),
        client.post("/dmails/hide_notice", {"dmail_id": "5"}),
        client.post("/logout"),
        client.get("/no/such/page"),
        program("alice", "wrong").get("/login"),
        Client().get(f"/login?login=alice&api_key={key}"),
    ]
    for answer in answers:
        assert not answer.cookies, answer.request["PATH_INFO"]


def test_a_browsers_notice_is_left_for_the_browser(user, key):
    browser = Client()
    browser.force_login(user)
    browser.put("/settings", "user[theme]=dark", "application/x-www-form-urlencoded")
    assert browser.cookies["messages"].value
    page = browser.get("/posts", headers=basic("alice", key))
    assert "Settings updated" not in page.content.decode()
    assert not page.cookies
    assert "Settings updated" in browser.get("/posts").content.decode()


def test_programs_are_told_of_no_unread_message(user, key):
    DmailFactory(to_user=user, from_user=UserFactory())
    User.objects.filter(pk=user.pk).update(unread_dmail_count=1)
    assert program("alice", key).get("/posts").context["newest_unread_dmail"] is None
    client = Client()
    client.force_login(user)
    assert client.get("/posts").context["newest_unread_dmail"]
