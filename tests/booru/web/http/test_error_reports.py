"""The emails about errors, which Django sends to the admins."""

import sys

from django.conf import settings
from django.test import RequestFactory
from django.views.debug import get_exception_reporter_class

from booru.web.http.error_reports import ErrorReporter


def report_of(request):
    try:
        int("the moon")
    except ValueError:
        return ErrorReporter(request, *sys.exc_info()).get_traceback_text()


def test_the_admins_are_told_what_happened_and_no_secrets():
    request = RequestFactory(
        headers={
            "referer": "http://testserver/password_reset/edit?user[signed_id]=secret1",
            "authorization": "Basic secret2",
            "cookie": f"{settings.SESSION_COOKIE_NAME}=secret3",
        }
    ).post(
        "/password_reset?url=/posts&login=alice&api_key=secret4&user[signed_id]=secret5",
        {"user[name]": "bob", "user[password]": "secret6", "user[verification_code]": "secret7"},
    )
    report = report_of(request)
    for told in ("the moon", "url=%2Fposts", "alice", "bob", "user[verification_code]"):
        assert told in report
    for number in range(1, 8):
        assert f"secret{number}" not in report


def test_an_error_without_a_request_is_told_too():
    assert "the moon" in report_of(None)


def test_it_is_what_django_uses():
    assert get_exception_reporter_class(None) is ErrorReporter
