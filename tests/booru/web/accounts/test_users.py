import pytest

from booru.models import Level
from tests.support.buttons import Form
from tests.support.factories import UserFactory


def test_the_profile_link_leads_to_oneself(browser, member):
    assert browser(member).get("/profile")["Location"] == f"/users/{member.pk}"


@pytest.mark.parametrize(
    "page", ["/profile", "/settings", "/users/deactivate", "/login_sessions", "/session/confirm_password"]
)
def test_the_pages_about_oneself_lead_a_visitor_to_log_in_and_back(browser, member, page):
    client = browser()
    response = client.get(f"{page}?a=1&b=//evil")
    assert (response.status_code, response["Location"]) == (302, f"/login?url={page}%3Fa%3D1%26b%3D//evil")
    form = Form(client.get(response["Location"]).content.decode(), "Log in")
    fields = {**form.fields, "session[name]": member.name, "session[password]": "password"}
    assert client.post(form.action, fields)["Location"] == f"{page}?a=1&b=//evil"


@pytest.mark.parametrize("page", ["/login_sessions.json"])
def test_programs_are_refused_there(browser, page):
    assert browser().get(page).status_code == 403


@pytest.mark.parametrize(
    "url",
    [
        *("//evil.example", "/\\evil.example", "\\evil.example", "/\t/evil.example", "/\n/evil.example"),
        *(
            "https://evil.example",
            "///evil.example",
            "javascript:alert(1)",
            "\x01//evil.example",
            "/\r\n/evil",
        ),
    ],
)
def test_the_way_back_stays_on_this_site(browser, member, url):
    client = browser()
    assert client.get("/login", {"url": url}).status_code == 403
    fields = {"session[name]": member.name, "session[password]": "password", "url": url}
    assert client.post("/session", fields).status_code == 403


@pytest.mark.parametrize("name", ["Alice_w", "alice w", "ALICE_W"])
def test_a_name_leads_to_the_user(browser, name):
    alice = UserFactory(name="alice_w")
    response = browser().get("/users", {"name": name})
    assert (response.status_code, response["Location"]) == (302, f"/users/{alice.pk}")
    assert browser().get("/users.json", {"name": name})["Location"] == f"/users/{alice.pk}.json"


def test_a_name_that_nobody_has_is_not_found(browser, db):
    assert browser().get("/users", {"name": "nobody"}).status_code == 404
    assert browser().get("/users", {"name": ""}).status_code == 200


def test_the_old_address_of_deletion_leads_to_the_new_one(browser, member):
    response = browser(member).get("/maintenance/user/deletion")
    assert (response.status_code, response["Location"]) == (302, "/users/deactivate")


def test_users_are_found_by_name(browser):
    alice = UserFactory(name="alice_w", level=Level.MEMBER)
    UserFactory(name="bob")
    records = browser().get("/users.json", {"search[name_matches]": "Alice *"}).json()
    assert [record["id"] for record in records] == [alice.pk]
    assert records[0]["level_string"] == "Member"
    assert "password" not in records[0]
