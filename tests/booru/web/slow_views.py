"""Pages that take too long, and some that tell how long they may take, as a URL conf."""

import contextlib
import itertools
import time
from typing import ClassVar

from django.db import connection, transaction
from django.http import HttpResponse, JsonResponse, StreamingHttpResponse
from django.template import engines
from django.urls import include, path

from booru.models import Tag, User
from booru.urls import handler400, handler403, handler404, handler500
from booru.visitors.time_limits import check_time
from jobs.engine.base import Job

__all__ = ["handler400", "handler403", "handler404", "handler500"]


def ask(sql, params=()):
    with connection.cursor() as cursor:
        cursor.execute(sql, params)
        return cursor.fetchone()


def limit_now():
    return ask("SELECT setting::int FROM pg_settings WHERE name = 'statement_timeout'")[0]


def slow(_request):
    ask("SELECT pg_sleep(600)")


def slow_template(_request):
    template = engines["django"].from_string("{{ sleep }}")
    return HttpResponse(template.render({"sleep": lambda: ask("SELECT pg_sleep(600)")}))


def half_done(_request):
    with transaction.atomic():
        Tag.objects.create(name="half_done")
        ask("SELECT pg_sleep(600)")


def waits_for_a_lock(_request):
    with transaction.atomic():
        Tag.objects.create(name="half_done")
        Tag.objects.select_for_update().get(name="locked")


def tells_its_limit(_request):
    in_transaction = []
    with contextlib.suppress(ZeroDivisionError), transaction.atomic():
        in_transaction.append(limit_now())
        raise ZeroDivisionError
    return JsonResponse([limit_now(), *in_transaction, limit_now()], safe=False)


def counts_queries(_request):
    with connection.execute_wrapper(lambda execute, *rest: execute(*rest)):
        return HttpResponse(str(User.objects.count() + len(list(User.objects.iterator()))))


def many_statements(_request):
    while True:
        ask("SELECT pg_sleep(0.01)")


def much_work(_request):
    while True:
        check_time()


def much_dtext(_request):
    page = engines["django"].from_string(
        "{% load dtext %}{% for text in texts %}{{ text|dtext }}{% endfor %}"
    )
    return HttpResponse(page.render({"texts": itertools.repeat("[b]x[/b]", 10_000_000)}))


def spends(request):
    """As if statements had taken so long."""
    request.time_limit.spend(float(request.GET["seconds"]))
    return HttpResponse("dear")


def sleeps(request):
    ask("SELECT pg_sleep(%s)", [request.GET["seconds"]])
    return HttpResponse("slow")


def computes(request):
    until = time.thread_time() + float(request.GET["seconds"])
    while time.thread_time() < until:
        pass
    return HttpResponse("much")


def streams(_request):
    def content():
        yield b"begins "
        yield str(limit_now()).encode()

    return StreamingHttpResponse(content())


class TellingJob(Job):
    told: ClassVar[list[int]] = []

    def perform(self) -> None:
        self.told.append(limit_now())


def performs_a_job(_request):
    TellingJob.enqueue()
    with transaction.atomic():
        TellingJob.enqueue()
        return HttpResponse(str(limit_now()))


urlpatterns = [
    path("slow", slow),
    path("slow.json", slow),
    path("slow_template", slow_template),
    path("half_done", half_done),
    path("waits_for_a_lock", waits_for_a_lock),
    path("tells_its_limit", tells_its_limit),
    path("counts_queries", counts_queries),
    path("many_statements", many_statements),
    path("much_work", much_work),
    path("much_dtext", much_dtext),
    path("streams", streams),
    path("spends", spends),
    path("spends.json", spends),
    path("sleeps", sleeps),
    path("computes", computes),
    path("performs_a_job", performs_a_job),
    path("", include("booru.urls")),
]
