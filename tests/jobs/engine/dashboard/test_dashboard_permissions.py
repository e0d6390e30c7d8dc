"""Every address of the dashboard, for every method and kind of visitor; and input that nobody means."""

import pytest
from django.test import Client

from booru.models import Level
from jobs.engine.batches import new_batch
from jobs.engine.cron import CronEntry
from jobs.engine.models import BackgroundJob, CronState, Pause
from tests.support.factories import UserFactory
from tests.support.sample_jobs import RecordJob

pytestmark = pytest.mark.django_db

SCHEDULE = [CronEntry("record", "0 * * * *", RecordJob)]
LEVELS = {"anonymous": None, "member": Level.MEMBER, "moderator": Level.MODERATOR, "admin": Level.ADMIN}

# What an admin gets; the others get 403 wherever that is not 405.
ADMIN_ONLY = {
    "/jobs/queues": {"GET": 200, "POST": 405, "PUT": 405, "DELETE": 405},
    "/jobs/queues/pause": {"GET": 405, "POST": 302, "PUT": 405, "DELETE": 405},
    "/jobs/queues/resume": {"GET": 405, "POST": 302, "PUT": 405, "DELETE": 405},
    "/jobs/schedule": {"GET": 200, "POST": 405, "PUT": 405, "DELETE": 405},
    "/jobs/schedule/record/run": {"GET": 405, "POST": 302, "PUT": 302, "DELETE": 405},
    "/jobs/schedule/record/enable": {"GET": 405, "POST": 302, "PUT": 302, "DELETE": 405},
    "/jobs/schedule/record/disable": {"GET": 405, "POST": 302, "PUT": 302, "DELETE": 405},
    "/jobs/processes": {"GET": 200, "POST": 405, "PUT": 405, "DELETE": 405},
    "/jobs/batches": {"GET": 200, "POST": 405, "PUT": 405, "DELETE": 405},
    "/jobs/batches/{batch}": {"GET": 200, "POST": 405, "PUT": 405, "DELETE": 405},
    "/jobs/{job}/cancel": {"GET": 405, "POST": 302, "PUT": 302, "DELETE": 405},
    "/jobs/{job}/retry": {"GET": 405, "POST": 302, "PUT": 302, "DELETE": 405},
    "/jobs/{job}/run": {"GET": 405, "POST": 302, "PUT": 302, "DELETE": 405},
}
CASES = [(path, method, code) for path, codes in ADMIN_ONLY.items() for method, code in codes.items()]


@pytest.fixture(autouse=True)
def schedule(settings):
    settings.JOBS_SCHEDULE = f"{__name__}.SCHEDULE"


@pytest.fixture(params=LEVELS)
def visitor(request):
    client, level = Client(), LEVELS[request.param]
    if level is not None:
        client.force_login(UserFactory(level=level))
    return request.param, client


@pytest.fixture
def admin():
    client = Client()
    client.force_login(UserFactory(level=Level.ADMIN))
    return client


@pytest.fixture
def records():
    with new_batch("things") as batch:
        job = RecordJob.using(batch=batch).enqueue()
    return {"batch": batch.pk, "job": job.pk}


def send(client, method, path):
    if "/queues/" in path and method == "POST":
        return client.post(path, {"kind": "queue", "name": "default"})
    return client.generic(method, path)


def state_of_everything():
    return (
        list(BackgroundJob.objects.order_by("pk").values()),
        list(CronState.objects.order_by("pk").values()),
        list(Pause.objects.order_by("pk").values()),
    )


@pytest.mark.parametrize(("path", "method", "code"), CASES)
def test_only_admins_see_and_do_it(path, method, code, visitor, records):
    name, client = visitor
    before = state_of_everything()
    response = send(client, method, path.format(**records))
    if name == "admin" or code == 405:
        assert response.status_code == code
        return
    assert response.status_code == 403
    assert b"Access denied" in response.content
    assert b'href="/"' in response.content
    assert state_of_everything() == before


@pytest.mark.parametrize(("path", "method", "code"), CASES)
def test_programs_are_answered_in_json(path, method, code, visitor, records):
    name, client = visitor
    response = send(client, method, f"{path.format(**records)}.json")
    if code == 405:
        assert response.status_code == 405
    elif name != "admin":
        assert response.status_code == 403
        assert response.json()["message"] == "Access denied"
    elif code == 200:
        response.json()
    else:
        # 422: this job, and this queue, are not in a state for it.
        assert response.status_code == (422 if path.endswith(("/retry", "/resume")) else 204)


@pytest.mark.parametrize("path", [path for path, method, code in CASES if code == 302 and method == "POST"])
def test_every_action_needs_a_csrf_token(path, records):
    client = Client(enforce_csrf_checks=True)
    client.force_login(UserFactory(level=Level.ADMIN))
    before = state_of_everything()
    assert send(client, "POST", path.format(**records)).status_code == 403
    assert state_of_everything() == before


@pytest.mark.parametrize("path", ["/jobs", "/jobs/{job}"])
def test_links_to_the_pages_of_managers_are_for_managers(path, visitor, records):
    name, client = visitor
    html = client.get(path.format(**records)).content.decode()
    for page in ("queues", "schedule", "processes", "batches"):
        assert (f'href="/jobs/{page}"' in html) is (name == "admin")


@pytest.mark.parametrize(
    ("method", "path", "code"),
    [
        ("POST", "/jobs/schedule/unknown/run", 404),
        ("POST", "/jobs/schedule/unknown/enable", 404),
        ("POST", "/jobs/schedule/unknown/disable", 404),
        ("POST", "/jobs/schedule/%00/run", 400),
        ("POST", "/jobs/schedule//run", 404),
        ("POST", "/jobs/schedule/..%2frecord/run", 404),
        ("GET", "/jobs/batches/0198c0de-0000-7000-8000-000000000000", 404),
        ("GET", "/jobs/batches/nonsense", 404),
        ("GET", "/jobs/batches?page=x", 400),
        ("GET", "/jobs/batches?page=1001", 410),
        ("GET", "/jobs/batches?limit=%00", 400),
        ("GET", "/jobs?search[lock_key]=%00", 400),
        ("GET", "/jobs?search[batch]=nonsense", 200),
        ("GET", "/jobs?search[cron_key]=nonsense", 200),
        ("GET", "/jobs/unknown", 404),
    ],
)
def test_bad_input_is_refused_and_never_an_error(admin, method, path, code):
    assert admin.generic(method, path).status_code == code
    if code != 200:
        program = admin.generic(method, path, headers={"Accept": "application/json"})
        assert program.status_code == code


@pytest.mark.parametrize(
    "to", ["\0", "/jobs\0", "/jobs\r\nX: y", "http://[", "//[", "/" * 5000, "\\\\evil", "é"]
)
def test_whatever_the_form_names_as_the_way_back_one_stays_on_the_site(admin, records, to):
    response = admin.post(f"/jobs/{records['job']}", {"_method": "delete", "next": to})
    assert response.status_code == 302
    assert response.url == "/jobs" or response.url.startswith(("/jobs", "%C3"))
    assert "X" not in response.headers
