import pytest
from django.test import RequestFactory

from booru.models import User
from booru.web.http.error_pages import server_error


def test_an_unknown_address_is_a_page_with_a_way_back(browser, db):
    response = browser().get("/no/such/page")
    page = response.content.decode()
    assert response.status_code == 404
    assert "There is no page at this address." in page
    assert "That record was not found." not in page
    assert 'href="/"' in page


def test_programs_are_told_that_there_is_no_such_address(browser, db):
    response = browser().get("/no/such/page.json")
    assert response.status_code == 404
    assert response.json() == {
        "success": False,
        "error": "ActionController::RoutingError",
        "message": "There is no page at this address.",
        "backtrace": [],
    }


def test_programs_get_errors_as_json(browser, db):
    response = browser().get("/posts/1.json")
    assert response.status_code == 404
    assert response.json() == {
        "success": False,
        "error": "Http404",
        "message": "That record was not found.",
        "backtrace": [],
    }


def test_the_refused_are_told_to_log_in(browser, db):
    page = browser().get("/dmails").content.decode()
    assert "Access denied" in page
    assert "/login?url=%2Fdmails" in page


def test_a_form_without_its_token_is_refused_with_advice(browser, member):
    response = browser(member, checks_csrf=True).post("/dmails", {"dmail[title]": "a"})
    assert response.status_code == 403
    assert "reload the page and try again" in response.content.decode()


def test_beyond_the_last_page(browser, db):
    response = browser().get("/posts?page=1001")
    assert response.status_code == 410
    assert "You cannot go beyond page 1000." in response.content.decode()


def test_gold_users_go_further(browser, builder):
    assert browser(builder).get("/posts?page=1001").status_code == 200
    assert browser(builder).get("/posts?page=5001").status_code == 410


def test_an_unexpected_error_names_its_class_and_no_more(client, db, monkeypatch):
    def broken(*_args, **_kwargs):
        raise RuntimeError("the secret is 42")

    monkeypatch.setattr(User.objects, "by_name_or_email", broken)
    client.raise_request_exception = False
    response = client.post("/session", {"session[name]": "a"})
    assert response.status_code == 500
    assert "Unexpected error: RuntimeError." in response.content.decode()
    assert "42" not in response.content.decode()


def test_the_error_page_needs_no_database():
    try:
        int("x")
    except ValueError:
        response = server_error(RequestFactory().get("/"))
    assert response.status_code == 500
    assert "Unexpected error: ValueError." in response.content.decode()


def test_a_wrong_host_is_a_bad_request(browser, db):
    response = browser().get("/", headers={"host": "evil.example"})
    assert response.status_code == 400
    assert "evil.example" not in response.content.decode()


def test_wrong_methods_are_not_allowed(browser, db):
    assert browser().delete("/posts").status_code == 405


@pytest.mark.parametrize("path", ["/", "/login", "/posts", "/no/such/page"])
def test_every_page_has_a_content_security_policy(browser, db, path):
    response = browser().get(path)
    assert "default-src 'self'" in response["Content-Security-Policy"]
    assert response["X-Frame-Options"] == "DENY"
    assert response["X-Content-Type-Options"] == "nosniff"
