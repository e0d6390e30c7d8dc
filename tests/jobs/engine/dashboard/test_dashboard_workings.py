"""What the dashboard shows of jobs at work: progress, holds, processes and batches."""

import re
import uuid
from datetime import timedelta

import pytest
from django.db.models.functions import Now
from django.test import Client
from django.utils import timezone

from booru.models import Level
from jobs.engine.batches import new_batch
from jobs.engine.models import BackgroundJob, JobProgress, Pause, PauseKind, WorkerCluster
from jobs.engine.testing import perform_enqueued_jobs
from tests.support.factories import UserFactory
from tests.support.keyed_jobs import HookedJob, LockedJob, TellJob, UniqueJob
from tests.support.sample_jobs import FailingJob, OtherJob, RecordJob

pytestmark = pytest.mark.django_db


@pytest.fixture
def admin():
    client = Client()
    client.force_login(UserFactory(level=Level.ADMIN))
    return client


def running(job, **values):
    BackgroundJob.objects.filter(pk=job.pk).update(performed_at=Now(), attempts=1, **values)
    return job


def cluster(**values):
    usual = {
        "host": "box",
        "pid": 4,
        "sentinel_pid": 5,
        "worker_pids": [6, 7],
        "queue_name": "*",
        "status": "Working",
        "stat": {"pusher": 8, "monitor": 9, "memory": {"6": 102400, "5": 2048}},
        "started_at": timezone.now(),
    }
    return WorkerCluster.objects.create(pk=uuid.uuid4(), **{**usual, **values})


def both(job):
    return [f"/jobs?search[id]={job.pk}", f"/jobs/{job.pk}"]


def test_a_running_job_shows_how_far_it_is(admin, client):
    job = running(RecordJob.enqueue())
    JobProgress.objects.create(job=job, done=1, total=3, text="the secret of <b>post</b> #1")
    for path in both(job):
        html = admin.get(path).content.decode()
        assert '<progress value="33"' in html
        assert "the secret of &lt;b&gt;post&lt;/b&gt; #1" in html
        html = client.get(path).content.decode()
        assert '<progress value="33"' in html
        assert "the secret" not in html
    assert admin.get(f"/jobs/{job.pk}.json").json()["progress"]["text"] == "the secret of <b>post</b> #1"
    assert client.get(f"/jobs/{job.pk}.json").json()["progress"] == {"done": 1, "total": 3, "percent": 33}


def test_progress_without_a_total_is_a_number(admin):
    job = running(RecordJob.enqueue())
    JobProgress.objects.create(job=job, done=12345)
    for path in both(job):
        assert "12,345 done" in admin.get(path).content.decode()


def test_what_an_earlier_attempt_reported_is_not_shown(admin):
    job = RecordJob.enqueue()
    JobProgress.objects.create(job=job, done=1, total=3, updated_at=timezone.now() - timedelta(minutes=1))
    running(job)
    for path in both(job):
        assert "<progress" not in admin.get(path).content.decode()
    assert admin.get(f"/jobs/{job.pk}.json").json()["progress"] is None


def test_a_running_job_is_asked_to_stop_and_shown_as_stopping(admin):
    job = running(RecordJob.enqueue())
    html = admin.post(f"/jobs/{job.pk}/cancel", {"next": "/jobs"}, follow=True).content.decode()
    assert "Record was asked to stop." in html
    assert 'status-stopping">stopping' in html
    assert f'formaction="/jobs/{job.pk}/cancel"' not in html
    html = admin.get(f"/jobs/{job.pk}").content.decode()
    assert 'status-stopping">stopping' in html
    record = admin.get(f"/jobs/{job.pk}.json").json()
    assert record["status"] == "running"
    assert record["cancel_requested_at"]


def test_a_job_that_waits_for_a_lock_says_so(client):
    jobs = [RecordJob.using(lock_keys=["post:1"]).enqueue() for _ in range(2)]
    BackgroundJob.objects.filter(pk=jobs[1].pk).update(held="lock")
    assert "waits for a lock" not in client.get(f"/jobs/{jobs[0].pk}").content.decode()
    for path in both(jobs[1]):
        assert "waits for a lock" in client.get(path).content.decode()


def test_admins_are_told_what_a_job_waits_for(admin, client):
    job = RecordJob.using(lock_keys=["post:1"]).enqueue()
    running(RecordJob.using(lock_keys=["post:1"]).enqueue())
    assert "waits for the lock key post:1" in admin.get(f"/jobs/{job.pk}").content.decode()
    assert "waits for the lock key post:1" in admin.get(f"/jobs/{job.pk}.json").json()["explanation"]
    for path in (f"/jobs/{job.pk}", f"/jobs/{job.pk}.json"):
        assert "post:1" not in client.get(path).content.decode()
    BackgroundJob.objects.update(performed_at=Now(), finished_at=Now())
    assert "<dt>Now</dt>" not in admin.get(f"/jobs/{job.pk}").content.decode()


@pytest.mark.parametrize(
    ("kind", "name"), [(PauseKind.QUEUE, "other"), (PauseKind.JOB_CLASS, OtherJob.path())]
)
def test_a_job_that_is_paused_says_so(client, kind, name):
    job, other = OtherJob.enqueue(), RecordJob.enqueue()
    Pause.objects.create(kind=kind, name=name)
    for path in both(job):
        assert '<span class="hold">paused</span>' in client.get(path).content.decode()
    assert '<span class="hold">' not in client.get(f"/jobs/{other.pk}").content.decode()


def test_jobs_are_found_by_lock_key_and_batch_by_admins_only(admin, client):
    with new_batch("things") as batch:
        batched = RecordJob.using(batch=batch).enqueue()
    locked = LockedJob.enqueue(1, "post:1")
    for search, job in (({"lock_key": "post:1"}, locked), ({"batch": batch.pk}, batched)):
        params = {f"search[{name}]": value for name, value in search.items()}
        assert [found["id"] for found in admin.get("/jobs.json", params).json()] == [str(job.pk)]
        assert len(client.get("/jobs.json", params).json()) == 2
    for nonsense in ("nonsense", "post"):
        assert admin.get("/jobs.json", {"search[lock_key]": nonsense}).json() == []
        assert admin.get("/jobs.json", {"search[batch]": nonsense}).json() == []


def test_keys_are_for_admins_only(admin, client):
    locked, unique = LockedJob.enqueue(1, "secret:1"), UniqueJob.enqueue(7)
    assert "secret:1" in admin.get(f"/jobs/{locked.pk}").content.decode()
    assert "unique:7" in admin.get(f"/jobs/{unique.pk}").content.decode()
    assert admin.get(f"/jobs/{locked.pk}.json").json()["lock_keys"] == ["secret:1"]
    for job in (locked, unique):
        for path in (*both(job), f"/jobs/{job.pk}.json"):
            html = client.get(path).content.decode()
            assert "secret:1" not in html
            assert "unique:7" not in html


def test_only_an_unfinished_job_is_looked_at_again_and_again(admin):
    job = RecordJob.enqueue()
    assert "data-live=" in admin.get(f"/jobs/{job.pk}").content.decode()
    perform_enqueued_jobs()
    assert "data-live=" not in admin.get(f"/jobs/{job.pk}").content.decode()


@pytest.mark.parametrize("page", ["/jobs", "/jobs/queues", "/jobs/processes", "/jobs/batches"])
def test_what_is_live_is_fetched_by_our_own_script(admin, page):
    html = admin.get(page).content.decode()
    live = re.search(r'<div id="live"[^>]*>', html)[0]
    assert 'data-live="list"' in live
    assert "hx-" not in live, "another project need not have htmx"
    assert "jobs/jobs.js" in html


def test_the_script_asks_before_a_job_is_deleted(admin):
    job = RecordJob.enqueue()
    question = 'value="delete" data-jobs-confirm="Are you sure you want to delete this job?"'
    for page in both(job):
        assert question in admin.get(page).content.decode()


def test_after_deleting_a_job_on_its_page_one_is_on_the_list(admin):
    job, other = RecordJob.enqueue(), RecordJob.enqueue()
    answer = admin.post(f"/jobs/{job.pk}", {"_method": "delete", "next": f"/jobs/{job.pk}"})
    assert answer.url == "/jobs"
    answer = admin.post(f"/jobs/{other.pk}/cancel", {"next": f"/jobs/{other.pk}"})
    assert answer.url == f"/jobs/{other.pk}"


def test_a_parent_that_is_gone_is_no_dead_link(admin):
    job = RecordJob.enqueue()
    BackgroundJob.objects.filter(pk=job.pk).update(parent_id=uuid.uuid4())
    assert "a job that is no longer kept" in admin.get(f"/jobs/{job.pk}").content.decode()


def test_the_processes_are_shown_with_what_they_run(admin):
    alive, dead = cluster(), cluster(host="gone", beat_at=timezone.now() - timedelta(minutes=2))
    job = running(RecordJob.enqueue(), claimed_by=alive.pk, worker_pid=6)
    html = admin.get("/jobs/processes").content.decode()
    for text in ("box pid 4", "works every queue", "pid 6", "100 MiB", "sentinel pid 5 (2 MiB)"):
        assert text in html
    assert job.get_absolute_url() in html
    assert "Died within the last hour" in html
    records = {record["id"]: record for record in admin.get("/jobs/processes.json").json()}
    assert records[str(alive.pk)]["is_alive"]
    assert not records[str(dead.pk)]["is_alive"]
    assert [worker["pid"] for worker in records[str(alive.pk)]["workers"]] == [6, 7]
    assert records[str(alive.pk)]["workers"][0]["jobs"][0]["id"] == str(job.pk)


def test_without_processes_there_is_a_warning(admin):
    assert "No worker is running" in admin.get("/jobs/processes").content.decode()
    cluster(stat={})
    assert "No worker is running" not in admin.get("/jobs/processes").content.decode()


def test_batches_are_shown_with_their_figures(admin):
    with new_batch("thumbnails <b>", on_finish=TellJob, properties={"who": "me"}) as batch:
        RecordJob.using(batch=batch).enqueue()
        FailingJob.using(batch=batch).enqueue()
        OtherJob.using(batch=batch, run_after=timedelta(hours=1)).enqueue()
    perform_enqueued_jobs()
    record = admin.get(f"/jobs/batches/{batch.pk}.json").json()
    figures = {name: record[name] for name in ("state", "total", "done", "failed")}
    assert figures == {"state": "running", "total": 3, "done": 2, "failed": 1}
    assert admin.get("/jobs/batches.json").json() == [record]
    for path in ("/jobs/batches", f"/jobs/batches/{batch.pk}"):
        html = admin.get(path).content.decode()
        for text in ("thumbnails &lt;b&gt;", '<progress value="66"', "2 of 3", "Tell"):
            assert text in html
    assert "who=&quot;me&quot;" in html
    perform_enqueued_jobs(scheduled=True)
    assert admin.get(f"/jobs/batches/{batch.pk}.json").json()["state"] == "discarded"


def test_a_batch_without_jobs_or_name_is_shown_too(admin):
    with new_batch() as batch:
        pass
    html = admin.get("/jobs/batches").content.decode()
    assert f"batch {batch.pk}" in html
    assert "0 of 0" in html


def test_batches_take_as_many_queries_for_many_as_for_one(admin, django_assert_num_queries):
    def fill():
        with new_batch("things") as batch:
            RecordJob.using(batch=batch).enqueue()

    fill()
    admin.get("/jobs/batches")
    with django_assert_num_queries(5):
        admin.get("/jobs/batches")
    for _ in range(3):
        fill()
    with django_assert_num_queries(5):
        admin.get("/jobs/batches")


def test_a_class_is_told_when_its_job_is_deleted_before_it_ended(admin, calls):
    ended, waiting = HookedJob.enqueue("value"), HookedJob.enqueue("key")
    ended.cancel()
    for job in (ended, waiting):
        admin.post(f"/jobs/{job.pk}", {"_method": "delete"})
    perform_enqueued_jobs()
    assert calls == [("JobDeleted: Deleted", ("key",), {})]
