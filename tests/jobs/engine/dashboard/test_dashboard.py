from datetime import timedelta

import pytest
from django.test import Client

from booru.models import Level
from jobs.engine.batches import new_batch
from jobs.engine.context import RequestContext, use_context
from jobs.engine.models import BackgroundJob, JobStatus, WorkerCluster
from jobs.engine.testing import perform_enqueued_jobs
from tests.support.factories import UserFactory
from tests.support.sample_jobs import ContextJob, FailingJob, OtherJob, PatientJob, RecordJob

pytestmark = pytest.mark.django_db


def client_of(level=None):
    client = Client()
    if level is not None:
        client.force_login(UserFactory(level=level))
    return client


@pytest.fixture
def admin():
    return client_of(Level.ADMIN)


def names(client, **search):
    params = {f"search[{key}]": value for key, value in search.items()}
    return [job["name"] for job in client.get("/jobs.json", params).json()]


EVERYBODY = [None, *(level for level in Level if level is not Level.ANONYMOUS)]
ACTIONS = ["cancel", "run", "retry", "delete"]


def job_for(action):
    if action == "retry":
        job = FailingJob.enqueue()
        perform_enqueued_jobs()
        return job
    return RecordJob.using(run_after=timedelta(hours=1)).enqueue()


def act(client, job, action):
    if action == "delete":
        return client.post(f"/jobs/{job.pk}", {"_method": "delete"})
    return client.post(f"/jobs/{job.pk}/{action}")


def state(job):
    row = BackgroundJob.objects.annotate_status().filter(pk=job.pk).first()
    return row.status_now if row else "gone"


@pytest.mark.parametrize("level", EVERYBODY)
def test_everybody_sees_the_list_and_only_admins_what_is_in_the_jobs(level):
    FailingJob.enqueue("the secret")
    with use_context(RequestContext(request_id="request-1", ip_addr="10.1.2.3")):
        perform_enqueued_jobs()
    client = client_of(level)
    job = BackgroundJob.objects.get()
    pages = [client.get(path) for path in ("/jobs", f"/jobs/{job.pk}", "/jobs.json", f"/jobs/{job.pk}.json")]
    assert [page.status_code for page in pages] == [200] * 4
    sees = level is not None and level >= Level.ADMIN
    assert [b"the secret" in page.content for page in pages] == [sees] * 4


@pytest.mark.parametrize("level", EVERYBODY)
@pytest.mark.parametrize("action", ACTIONS)
def test_only_admins_act(level, action):
    job = job_for(action)
    before = state(job)
    response = act(client_of(level), job, action)
    if level is not None and level >= Level.ADMIN:
        assert response.status_code == 302
        after = {
            "cancel": JobStatus.DISCARDED,
            "run": JobStatus.QUEUED,
            "retry": JobStatus.QUEUED,
            "delete": "gone",
        }
        assert state(job) == after[action]
        return
    assert response.status_code == 403
    assert b"Access denied" in response.content
    assert state(job) == before


def test_actions_need_a_csrf_token():
    client = Client(enforce_csrf_checks=True)
    client.force_login(UserFactory(level=Level.ADMIN))
    job = job_for("cancel")
    assert act(client, job, "cancel").status_code == 403
    assert state(job) == JobStatus.SCHEDULED


@pytest.mark.parametrize("method", ["post", "put"])
def test_programs_act_too(admin, method):
    job = job_for("cancel")
    assert getattr(admin, method)(f"/jobs/{job.pk}/cancel.json").status_code == 204
    again = getattr(admin, method)(f"/jobs/{job.pk}/cancel.json")
    assert again.status_code == 422
    assert again.json()["error"] == "JobActionError"
    assert "is discarded, so it cannot be cancelled" in again.json()["message"]
    assert admin.delete(f"/jobs/{job.pk}.json").status_code == 204
    assert admin.delete(f"/jobs/{job.pk}.json").status_code == 404


def test_what_a_state_does_not_allow_is_a_notice_not_an_error(admin):
    job = RecordJob.enqueue()
    perform_enqueued_jobs()
    response = admin.post(f"/jobs/{job.pk}/cancel", follow=True)
    assert response.status_code == 200
    assert "is succeeded, so it cannot be cancelled." in response.content.decode()


def test_after_an_action_one_is_where_one_was(admin):
    job = job_for("cancel")
    here = "/jobs?search%5Bstatus%5D=Scheduled"
    assert admin.post(f"/jobs/{job.pk}/cancel", {"next": here}).url == here
    for elsewhere in ("https://evil.example/", "//evil.example", "javascript:alert(1)"):
        assert admin.post(f"/jobs/{job.pk}/cancel", {"next": elsewhere}).url == "/jobs"


def test_jobs_are_found_by_status(admin):
    RecordJob.enqueue()
    assert names(admin, status="Queued") == ["Record"]
    assert names(admin, status="queued") == ["Record"]
    assert names(admin, status="discarded") == []
    FailingJob.using(priority=-1).enqueue()
    perform_enqueued_jobs(only=FailingJob)
    PatientJob.enqueue()
    perform_enqueued_jobs(only=PatientJob)
    assert names(admin, status="Discarded") == ["Failing"]
    assert names(admin, status="Finished") == ["Failing"]
    assert names(admin, status="Scheduled") == ["Patient"]
    assert names(admin, status="Running") == []
    assert len(names(admin, status="no such")) == 3


def test_jobs_are_found_by_name_queue_id_and_request(admin):
    with use_context(RequestContext(request_id="request-1")):
        RecordJob.enqueue()
    other = OtherJob.enqueue()
    assert names(admin, name="Other") == ["Other"]
    assert names(admin, queue_name="other") == ["Other"]
    assert names(admin, id=other.pk) == ["Other"]
    assert names(admin, id="nonsense") == []
    assert names(admin, request_id="request-1") == ["Record"]
    assert len(names(client_of(), request_id="request-1")) == 2


def test_the_newest_come_first_and_other_orders_are_possible(admin):
    late = RecordJob.using(run_after=timedelta(hours=2)).enqueue()
    soon = OtherJob.enqueue()
    ids = [job["id"] for job in admin.get("/jobs.json").json()]
    assert ids == [str(soon.pk), str(late.pk)]
    ids = [job["id"] for job in admin.get("/jobs.json", {"search[order]": "scheduled_at"}).json()]
    assert ids == [str(late.pk), str(soon.pk)]


def test_pages_are_walked_with_page_and_limit(admin):
    jobs = [RecordJob.enqueue(n) for n in range(5)]
    first, second = (admin.get("/jobs.json", {"limit": 3, "page": page}).json() for page in (1, 2))
    assert [job["id"] for job in first + second] == [str(job.pk) for job in reversed(jobs)]
    html = admin.get("/jobs", {"limit": 3}).content.decode()
    assert "page=2" in html


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("/jobs?page=abc", 400),
        ("/jobs?page=-1", 400),
        ("/jobs?limit=x", 400),
        ("/jobs?page=1001", 410),
        ("/jobs?page=" + "9" * 30, 400),
        ("/jobs?limit=999999999", 200),
        ("/jobs?search[name]=%00", 400),
        ("/jobs?search[status]=Queued&search[order]=drop", 200),
        ("/jobs/not-a-uuid", 404),
        ("/jobs/0198c0de-0000-7000-8000-000000000000", 404),
    ],
)
def test_bad_input_is_told_what_is_wrong(admin, path, status):
    for address in (path, path.replace("/jobs", "/jobs.json", 1) if "/jobs/" not in path else f"{path}.json"):
        assert admin.get(address).status_code == status


def test_a_page_beyond_the_last_says_so(admin):
    assert b"You cannot go beyond page 1000." in admin.get("/jobs?page=1001").content


def test_arguments_and_errors_cannot_inject_html(admin):
    FailingJob.enqueue("<script>alert(1)</script>")
    perform_enqueued_jobs()
    job = BackgroundJob.objects.get()
    for path in ("/jobs", f"/jobs/{job.pk}"):
        html = admin.get(path).content.decode()
        assert "<script>alert" not in html
        assert "&lt;script&gt;alert(1)" in html


def test_records_in_arguments_lead_to_their_pages(admin):
    user = UserFactory()
    RecordJob.enqueue(user, [user])
    html = admin.get("/jobs").content.decode()
    assert html.count(f'<a href="/users/{user.pk}">User #{user.pk}</a>') == 2


def test_a_record_with_a_uuid_is_shown_by_it(admin):
    with new_batch("things") as batch:
        pass
    RecordJob.enqueue(batch)
    assert f"JobBatch #{batch.pk}" in admin.get("/jobs").content.decode()


def test_a_class_is_shown_by_its_name(admin):
    RecordJob.enqueue("mailers.user_mailer.UserMailer", "not.a.class", "Neither")
    html = admin.get("/jobs").content.decode()
    assert '<span title="mailers.user_mailer.UserMailer">UserMailer</span>' in html
    assert "&quot;not.a.class&quot;, &quot;Neither&quot;" in html


def test_a_record_that_is_gone_does_not_matter(admin):
    RecordJob.enqueue(UserFactory())
    BackgroundJob.objects.update(arguments={"args": [{"_model": "gone.model", "pk": 1}]})
    assert b"gone.model #1" in admin.get("/jobs").content


def test_the_list_takes_as_many_queries_for_many_jobs_as_for_one(admin, django_assert_num_queries):
    user = UserFactory()
    RecordJob.enqueue(user)
    admin.get("/jobs")
    with django_assert_num_queries(11):
        admin.get("/jobs")
    for _ in range(15):
        RecordJob.enqueue(user, user)
    with django_assert_num_queries(11):
        admin.get("/jobs")


def test_the_page_of_a_job_tells_its_story(admin):
    context = RequestContext(request_id="request-1", method="POST", url="http://x/dmails", ip_addr="10.1.2.3")
    with use_context(context):
        parent = ContextJob.enqueue(children=1)
        failing = FailingJob.enqueue("oh no")
    perform_enqueued_jobs()
    html = admin.get(f"/jobs/{parent.pk}").content.decode()
    for text in ("request-1", "POST http://x/dmails", "10.1.2.3", "Jobs that it enqueued"):
        assert text in html
    html = admin.get(f"/jobs/{failing.pk}").content.decode()
    for text in ("Attempt 1 failed", "ValueError", "oh no", "Traceback (most recent call last)"):
        assert text in html
    child = BackgroundJob.objects.get(parent=parent)
    assert f"/jobs/{parent.pk}" in admin.get(f"/jobs/{child.pk}").content.decode()


def test_no_worker_is_a_warning(admin):
    assert b"No worker is running" in admin.get("/jobs").content
    job = RecordJob.enqueue()
    WorkerCluster.objects.create(
        pk=job.pk,
        host="box",
        pid=4,
        sentinel_pid=5,
        worker_pids=[6, 7],
        queue_name="*",
        status="Idle",
        started_at=job.enqueued_at,
    )
    html = admin.get("/jobs").content.decode()
    assert "No worker is running" not in html
    assert "<b>box</b> pid 4</a>, every queue, 2 workers" in html
    assert "box" not in client_of().get("/jobs").content.decode()


def test_the_old_address_leads_to_the_new_one(client):
    response = client.get("/delayed_jobs")
    assert (response.status_code, response.url) == (301, "/jobs")
