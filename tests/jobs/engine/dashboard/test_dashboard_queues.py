"""Queues and pauses on the dashboard."""

import pytest
from django.test import Client

from booru.models import Level
from jobs.engine.cron import CronEntry
from jobs.engine.models import BackgroundJob, Pause, PauseKind
from jobs.engine.testing import perform_enqueued_jobs
from tests.support.factories import UserFactory
from tests.support.sample_jobs import BulkNoteJob, OtherJob, RecordJob

pytestmark = pytest.mark.django_db

SCHEDULE = [CronEntry("record", "0 * * * *", RecordJob)]


@pytest.fixture(autouse=True)
def schedule(settings):
    settings.JOBS_SCHEDULE = f"{__name__}.SCHEDULE"


@pytest.fixture
def admin():
    client = Client()
    client.force_login(UserFactory(level=Level.ADMIN, name="ada"))
    return client


def post(client, action, kind, name):
    return client.post(f"/jobs/queues/{action}", {"kind": kind, "name": name})


def sizes(client):
    return {queue["name"]: queue for queue in client.get("/jobs/queues.json").json()["queues"]}


def test_every_queue_is_shown_with_its_size(admin):
    OtherJob.enqueue()
    OtherJob.enqueue()
    found = sizes(admin)
    assert (found["other"]["waiting"], found["other"]["running"], found["other"]["is_paused"]) == (
        2,
        0,
        False,
    )
    assert found["other"]["oldest_wait"] >= 0
    # Without a job, but somebody may want to pause them.
    assert (found["default"]["waiting"], found["bulk_update"]["oldest_wait"]) == (0, None)
    html = admin.get("/jobs/queues").content.decode()
    assert "/jobs?search%5Bqueue_name%5D=other" in html


def test_a_queue_is_paused_and_resumed(admin):
    OtherJob.enqueue()
    assert post(admin, "pause", "queue", "other").url == "/jobs/queues"
    pause = Pause.objects.get()
    assert (pause.kind, pause.name, pause.paused_by) == ("queue", "other", "ada")
    assert sizes(admin)["other"]["is_paused"]
    assert "by ada" in admin.get("/jobs/queues").content.decode()
    assert "queue other" in admin.get("/jobs").content.decode()
    assert perform_enqueued_jobs() == []
    html = admin.post("/jobs/queues/resume", {"kind": "queue", "name": "other"}, follow=True).content.decode()
    assert "Queue other goes on." in html
    assert len(perform_enqueued_jobs()) == 1


def test_a_job_class_is_paused_and_resumed(admin):
    job = RecordJob.enqueue()
    html = admin.get("/jobs/queues").content.decode()
    assert f'<option value="{RecordJob.path()}">Record</option>' in html
    post(admin, "pause", "job_class", RecordJob.path())
    assert perform_enqueued_jobs() == []
    html = admin.get("/jobs/queues").content.decode()
    assert f'<option value="{RecordJob.path()}">' not in html
    assert f'<b title="{RecordJob.path()}">Record</b>' in html
    (pause,) = admin.get("/jobs/queues.json").json()["pauses"]
    assert (pause["kind"], pause["name"]) == ("job_class", RecordJob.path())
    post(admin, "resume", "job_class", RecordJob.path())
    assert [done.pk for done in perform_enqueued_jobs()] == [job.pk]


def test_what_is_scheduled_or_limited_can_be_paused_before_there_is_a_job(admin):
    assert not BackgroundJob.objects.exists()
    for kind, name in (("job_class", RecordJob.path()), ("queue", "default"), ("queue", "bulk_update")):
        assert post(admin, "pause", kind, name).status_code == 302
    assert Pause.objects.count() == 3


@pytest.mark.parametrize("action", ["pause", "resume"])
def test_nothing_is_done_twice(admin, action):
    if action == "pause":
        Pause.objects.create(kind=PauseKind.QUEUE, name="default")
    notice = {"pause": "Queue default is paused already.", "resume": "Queue default is not paused."}
    response = admin.post(f"/jobs/queues/{action}", {"kind": "queue", "name": "default"}, follow=True)
    assert notice[action] in response.content.decode()
    response = admin.post(f"/jobs/queues/{action}.json", {"kind": "queue", "name": "default"})
    assert (response.status_code, response.json()["error"]) == (422, "JobActionError")


@pytest.mark.parametrize(
    ("kind", "name"),
    [
        ("queue", "unknown"),
        ("queue", ""),
        ("queue", "de\0fault"),
        ("queue", "x" * 10_000),
        ("job_class", "os.system"),
        ("job_class", ""),
        ("job_class", "\0"),
        ("job_class", BulkNoteJob.path()),
        ("everything", "default"),
        ("\0", "default"),
        ("", ""),
    ],
)
def test_bad_input_is_refused_and_never_an_error(admin, kind, name):
    assert post(admin, "pause", kind, name).status_code == 404
    is_known = kind in PauseKind.values and "\0" not in name
    code = admin.post("/jobs/queues/resume.json", {"kind": kind, "name": name}).status_code
    assert code == (422 if is_known else 404)
    response = admin.post("/jobs/queues/resume", {"kind": kind, "name": name}, follow=True)
    assert response.status_code == (200 if is_known else 404)
    assert not Pause.objects.exists()


@pytest.mark.parametrize("body", [b"{}", b"\xff\xfe", b"kind=queue&name=%ff", b"name", b""])
def test_a_body_that_is_no_form_is_refused(admin, body):
    for content_type in ("application/json", "application/x-www-form-urlencoded", "multipart/form-data"):
        response = admin.generic("POST", "/jobs/queues/pause", body, content_type=content_type)
        assert 400 <= response.status_code < 500


def test_names_cannot_inject_html(admin):
    RecordJob.using(queue_name="<script>x").enqueue()
    BackgroundJob.objects.update(job_class="a.<script>y")
    html = admin.get("/jobs/queues").content.decode()
    assert "<script>x" not in html
    assert "<script>y" not in html
    assert "&lt;script&gt;x" in html
