import re

import pytest
from django.contrib.auth.models import AnonymousUser
from django.http import HttpResponse
from django.test import RequestFactory

from jobs.engine.context import RequestContext, current_context
from jobs.engine.middleware import RequestContextMiddleware

UUID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")


def answer(request, view=lambda request: HttpResponse()):
    return RequestContextMiddleware(view)(request)


@pytest.mark.parametrize("given", ["a", "A-b_9", "x" * 255])
def test_a_safe_request_id_of_a_trusted_proxy_is_taken_over(given, settings):
    settings.JOBS_TRUSTED_PROXIES = 1
    request = RequestFactory().get("/", HTTP_X_REQUEST_ID=given)
    assert answer(request)["X-Request-Id"] == given
    assert request.client_request_id is None


@pytest.mark.parametrize("given", ["", "a b", "a\r\nBcc: x", "é", "x" * 256, "a/b", "a\n"])
def test_any_other_gets_a_new_one(given, settings):
    settings.JOBS_TRUSTED_PROXIES = 1
    request_id = answer(RequestFactory().get("/", HTTP_X_REQUEST_ID=given))["X-Request-Id"]
    assert UUID.fullmatch(request_id)


@pytest.mark.parametrize(
    ("given", "kept"),
    [("a", "a"), ("a b/c.d", "a_b_c_d"), ("a\r\nBcc: x", "a__Bcc__x"), ("é", "_"), ("x" * 300, "x" * 255)],
)
def test_what_a_client_calls_it_is_kept_beside_and_is_no_id(given, kept):
    request, seen = RequestFactory().get("/", HTTP_X_REQUEST_ID=given), []
    response = answer(request, lambda _: seen.append(current_context()) or HttpResponse())
    assert UUID.fullmatch(response["X-Request-Id"])
    [context] = seen
    assert (context.request_id, context.client_request_id) == (response["X-Request-Id"], kept)
    assert RequestContext.from_json(context.to_json()) == context


def test_a_request_without_an_id_gets_one():
    first, second = (answer(RequestFactory().get("/"))["X-Request-Id"] for _ in range(2))
    assert UUID.fullmatch(first)
    assert first != second


def test_the_context_lives_as_long_as_the_request():
    seen = []
    request = RequestFactory().post("/posts?page=2", REMOTE_ADDR="10.1.2.3")
    request.user = AnonymousUser()
    response = answer(request, lambda _: seen.append(current_context()) or HttpResponse())
    assert seen == [
        RequestContext(
            request_id=response["X-Request-Id"],
            method="POST",
            url="http://testserver/posts?page=2",
            ip_addr="10.1.2.3",
        )
    ]
    assert current_context() == RequestContext()


def test_who_logs_in_during_the_request_is_seen():
    class Someone:
        pk = 5
        is_authenticated = True

    def view(request):
        request.user = AnonymousUser()
        before = current_context().user_id
        request.user = Someone()
        return HttpResponse(f"{before} {current_context().user_id}")

    assert answer(RequestFactory().get("/"), view).content == b"None 5"


@pytest.mark.parametrize("path", ["/no/such/page", "/jobs"])
def test_every_page_answers_with_its_request_id(client, db, path):
    assert UUID.fullmatch(client.get(path, HTTP_X_REQUEST_ID="given-1")["X-Request-Id"])
