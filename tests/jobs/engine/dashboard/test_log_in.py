"""Visitors who may not see the dashboard are told where to log in, unless the project answers them itself."""

import pytest
from django.contrib.auth.models import AnonymousUser
from django.test import RequestFactory
from django.urls import include, path

from jobs.engine.dashboard.log_in import log_in_url
from jobs.engine.urls import urlpatterns as dashboard
from tests.support.factories import UserFactory

pytestmark = pytest.mark.django_db


# As startproject writes it: without the site's own layout.
TEMPLATES = {
    "BACKEND": "django.template.backends.django.DjangoTemplates",
    "APP_DIRS": True,
    "OPTIONS": {
        "context_processors": [
            "django.template.context_processors.request",
            "django.contrib.auth.context_processors.auth",
            "django.contrib.messages.context_processors.messages",
        ]
    },
}


class OwnPages:
    """A project with a log-in page, and no answers of its own to those who are refused."""

    urlpatterns = [
        path("", include((dashboard, "jobs"))),
        path("enter/", lambda request: None, name="enter"),
    ]


class AdminPages:
    """A project that has Django's admin, and no other page to log in."""

    urlpatterns = [
        path("", include((dashboard, "jobs"))),
        path("back/", include(([path("login/", lambda request: None, name="login")], "admin"))),
    ]


class NoPages:
    urlpatterns = [path("", include((dashboard, "jobs")))]


@pytest.fixture
def anonymous(settings):
    settings.JOBS_BASE_TEMPLATE = "jobs/base.html"
    settings.MIDDLEWARE = [name for name in settings.MIDDLEWARE if not name.startswith("booru.")]
    settings.TEMPLATES = [TEMPLATES]
    settings.ROOT_URLCONF = OwnPages
    settings.LOGIN_URL = "enter"

    def request(path="/jobs?page=2", method="GET"):
        request = RequestFactory().generic(method, path)
        request.user = AnonymousUser()
        return request

    return request


def test_the_link_brings_one_back(anonymous, client):
    assert log_in_url(anonymous()) == "/enter/?next=%2Fjobs%3Fpage%3D2"
    assert log_in_url(anonymous(method="POST")) == "/enter/", "nothing is done by coming back"
    answer = client.get("/jobs/queues")
    assert answer.status_code == 403
    assert '<a href="/enter/?next=%2Fjobs%2Fqueues">Log in</a>' in answer.content.decode()


@pytest.mark.parametrize(
    ("login_url", "shown"),
    [
        ("/enter/?from=jobs", "/enter/?from=jobs&next=%2Fjobs"),
        ("https://sso.example/in", "https://sso.example/in?next=%2Fjobs"),
        ("/nowhere/", ""),
        ("no_such_name", ""),
    ],
)
def test_a_log_in_page_is_linked_only_if_there_is_one(login_url, shown, anonymous, settings):
    settings.LOGIN_URL = login_url
    assert log_in_url(anonymous("/jobs")) == shown


def test_without_a_page_of_the_project_that_of_the_admin_will_do(anonymous, settings):
    settings.LOGIN_URL, settings.ROOT_URLCONF = "/accounts/login/", AdminPages
    assert log_in_url(anonymous("/jobs")) == "/back/login/?next=%2Fjobs"


def test_without_any_no_link_is_shown(anonymous, settings, client):
    settings.ROOT_URLCONF = NoPages
    assert "Log in" not in client.get("/jobs/queues").content.decode()


def test_somebody_who_is_logged_in_needs_no_link(anonymous, client):
    client.force_login(UserFactory())
    answer = client.get("/jobs/queues")
    assert answer.status_code == 403
    assert "You may not see this page." in answer.content.decode()
    assert "Log in" not in answer.content.decode()


def test_programs_are_told_in_json(anonymous, client):
    answer = client.get("/jobs/queues.json")
    assert answer.status_code == 403
    assert answer.json()["message"] == "Access denied"


def test_a_list_that_all_may_see_has_the_link_too(anonymous, client):
    answer = client.get("/jobs")
    assert answer.status_code == 200
    assert '<a class="log-in" href="/enter/?next=%2Fjobs">Log in</a>' in answer.content.decode()
