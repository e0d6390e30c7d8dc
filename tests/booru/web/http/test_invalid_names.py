"""Whose name is not valid any more must choose another before anything else."""

import pytest

from tests.support.factories import UserFactory

NOTICE = "You must change your username to continue using Danbooru"
NEW = "/user_name_change_requests/new"


@pytest.fixture
def client(browser):
    return browser(UserFactory(name="bad**name"))


@pytest.mark.parametrize("page", ["/", "/posts", "/settings", "/users"])
def test_every_page_leads_to_the_form(client, page):
    response = client.get(page)
    assert (response.status_code, response["Location"]) == (302, NEW)
    assert NOTICE in client.get(NEW).content.decode()


def test_programs_go_on(client):
    assert client.get("/posts.json").status_code == 200


@pytest.mark.parametrize("page", [NEW, "/logout", "/users/deactivate"])
def test_leaving_and_changing_are_possible(client, page):
    assert client.get(page).status_code == 200


def test_a_name_that_becomes_forbidden(browser, member, settings):
    assert browser(member).get("/").status_code == 200
    settings.DANBOORU_FORBIDDEN_USER_NAMES = ["member"]
    assert browser(member).get("/")["Location"] == NEW
    assert browser().get("/").status_code == 200


def test_with_a_valid_name_it_is_over(client):
    client.post("/user_name_change_requests", {"user_name_change_request[desired_name]": "good_name"})
    assert client.get("/").status_code == 200
