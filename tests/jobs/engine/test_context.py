import pytest
from django.contrib.auth.models import AnonymousUser
from django.contrib.sessions.backends.signed_cookies import SessionStore
from django.test import RequestFactory

from jobs.engine.context import (
    RequestContext,
    client_ip,
    current_context,
    filtered_url,
    session_digest,
    use_context,
    without_secrets,
)


def get(path="/", data=None, **extra):
    return RequestFactory().get(path, data, **extra)


def test_outside_a_request_nothing_is_known():
    assert current_context() == RequestContext()
    assert current_context().to_json() == {}


def test_a_context_survives_json_and_unknown_keys():
    context = RequestContext(
        request_id="r", method="GET", url="http://x/", user_id=1, ip_addr="::1", session="s"
    )
    assert RequestContext.from_json({**context.to_json(), "of a newer version": 1}) == context


def test_contexts_nest():
    outer, inner = RequestContext(request_id="outer"), RequestContext(request_id="inner")
    with use_context(outer):
        with use_context(inner):
            assert current_context() == inner
        assert current_context() == outer


SECRETS = """
password user[password] token access_token key api_key email_verification_key sig signature user[signed_id]
signed_login_event secret client_secret csrfmiddlewaretoken sessionid authorization code otp pin
"""


@pytest.mark.parametrize("name", SECRETS.split())
def test_secrets_in_the_query_are_filtered(name):
    url = filtered_url(get("/", {name: "hunter2", "page": "3"}))
    assert "hunter2" not in url
    assert "page=3" in url


@pytest.mark.parametrize(
    "name", ["page", "search[id]", "tags", "design", "monkey", "limit", "user_id", "country"]
)
def test_other_parameters_are_kept(name):
    assert filtered_url(get("/posts", {name: "a b&c"})) == f"http://testserver/posts?{name}=a%20b%26c"


def test_more_names_can_be_declared_secret(settings):
    settings.JOBS_SECRET_PARAMETERS = ["colour"]
    assert filtered_url(get("/?colour=red")) == "http://testserver/?colour=[FILTERED]"


def test_a_url_never_carries_line_breaks_and_is_bounded():
    url = filtered_url(get("/a%0d%0aBcc: x/" + "y" * 5000))
    assert "\r" not in url
    assert "\n" not in url
    assert len(url) <= 2000


def test_a_forged_host_does_not_get_into_the_url(settings):
    settings.ALLOWED_HOSTS = ["good.example"]
    assert filtered_url(get("/x", HTTP_HOST="evil.example")) == "http://invalid.host/x"


def test_the_session_key_itself_is_never_kept():
    request = get()
    request.session = SessionStore()
    request.session["a"] = 1
    request.session.save()
    request.user = AnonymousUser()
    context = RequestContext.from_request(request)
    assert context.session == session_digest(request.session.session_key)
    assert request.session.session_key not in str(context)
    assert session_digest("a") != session_digest("b")


@pytest.mark.parametrize(
    ("proxies", "forwarded", "ip"),
    [
        (0, None, "10.0.0.9"),
        (0, "6.6.6.6", "10.0.0.9"),
        (1, "6.6.6.6", "6.6.6.6"),
        (1, "1.1.1.1, 6.6.6.6", "6.6.6.6"),
        (2, "1.1.1.1, 6.6.6.6, 10.0.0.1", "6.6.6.6"),
        (2, "2001:DB8::1, 10.0.0.1", "2001:db8::1"),
        (1, None, "10.0.0.9"),
        (1, "nonsense", None),
        (1, "6.6.6.6, ", None),
        (1, "6.6.6.6, unknown", None),
        (1, "6.6.6.6, _hidden", None),
        (1, "6.6.6.6, unix:", None),
        (1, "5.5.5.6:1000", "5.5.5.6"),
        (1, "[2001:db8::1]:1000", "2001:db8::1"),
        (1, " ", "10.0.0.9"),
    ],
)
def test_only_trusted_proxies_are_believed(settings, proxies, forwarded, ip):
    settings.JOBS_TRUSTED_PROXIES = proxies
    extra = {"HTTP_X_FORWARDED_FOR": forwarded} if forwarded else {}
    assert client_ip(get(REMOTE_ADDR="10.0.0.9", **extra)) == ip


@pytest.mark.parametrize(
    ("told", "read"),
    [
        ("5.5.5.6", "5.5.5.6"),
        (" 5.5.5.6:1000 ", "5.5.5.6"),
        ("[2001:DB8::1]", "2001:db8::1"),
        ("[2001:db8::1]:65535", "2001:db8::1"),
        ('"[2001:db8::1]:1000"', "2001:db8::1"),
        ("::ffff:5.5.5.6", "5.5.5.6"),
        ("[::ffff:5.5.5.6]:80", "5.5.5.6"),
        ("fe80::1%eth0", "fe80::1"),
        ("[fe80::1%25eth0]:80", "fe80::1"),
        *(
            (text, None)
            for text in ("", "unknown", "_hidden", "unix:", "[]", "[]:80", "for=5.5.5.6", ":80", "\0")
        ),
        *(
            (text, None)
            for text in ("5.5.5.6:", "5.5.5:80", "5.5.5.6.7", "5.5.5.6:x", "010.0.0.1", "1" * 9999)
        ),
    ],
)
def test_addresses_are_read_as_servers_write_them(told, read):
    assert client_ip(get(REMOTE_ADDR=told)) == read


def test_a_server_that_tells_no_address_at_all():
    request = get()
    del request.META["REMOTE_ADDR"]
    assert client_ip(request) is None


@pytest.mark.parametrize(
    ("text", "safe"),
    [
        ("GET /login?signed_login_event=a~b HTTP/1.1", "GET /login?signed_login_event=[FILTERED] HTTP/1.1"),
        ("/password_reset/edit?user%5Bsigned_id%5D=x", "/password_reset/edit?user%5Bsigned_id%5D=[FILTERED]"),
        ("/dmails/1?key=x%7Ey&page=2", "/dmails/1?key=[FILTERED]&page=2"),
        ("/x?user_id=5&sig=abc#top", "/x?user_id=5&sig=[FILTERED]#top"),
        ("login=bob&api_key=abc", "login=bob&api_key=[FILTERED]"),
        ("<Request: GET '/?token=abc'>", "<Request: GET '/?token=[FILTERED]'>"),
        ("/posts?tags=a&page=2", "/posts?tags=a&page=2"),
        ("?token= is empty", "?token= is empty"),
        ("", ""),
    ],
)
def test_secrets_are_filtered_out_of_any_text_with_an_address(text, safe):
    assert without_secrets(text) == safe
