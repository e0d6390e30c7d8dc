"""The schedule on the dashboard."""

import pytest
from django.test import Client

from booru.models import Level
from jobs.engine import cron
from jobs.engine.cron import CronEntry
from jobs.engine.insight.cron_words import in_words
from jobs.engine.models import BackgroundJob, CronState
from jobs.engine.testing import perform_enqueued_jobs
from tests.support.factories import UserFactory
from tests.support.sample_jobs import FailingJob, OtherJob, RecordJob

pytestmark = pytest.mark.django_db

SCHEDULE = [
    CronEntry("record", "0 * * * *", RecordJob),
    CronEntry("a key/with #%", "*/5 * * * *", OtherJob),
    CronEntry("never", "0 0 31 2 *", FailingJob),
]


@pytest.fixture(autouse=True)
def schedule(settings):
    settings.JOBS_SCHEDULE = f"{__name__}.SCHEDULE"


@pytest.fixture
def admin():
    client = Client()
    client.force_login(UserFactory(level=Level.ADMIN))
    return client


def test_every_entry_is_shown_with_its_times(admin):
    cron.tick()
    html = admin.get("/jobs/schedule").content.decode()
    for text in ("hourly at :00", "every 5 minutes", "0 0 31 2 *", "failed to find next date"):
        assert text in html
    records = admin.get("/jobs/schedule.json").json()
    assert [record["key"] for record in records] == [entry.key for entry in SCHEDULE]
    assert records[0]["last_tick_at"] < records[0]["next_tick_at"]
    assert records[2]["next_tick_at"] is None


def test_an_entry_is_switched_off_and_on(admin):
    assert admin.post("/jobs/schedule/record/disable").url == "/jobs/schedule"
    assert not CronState.objects.get(key="record").enabled
    assert "Switch on" in admin.get("/jobs/schedule").content.decode()
    admin.post("/jobs/schedule/record/enable")
    assert CronState.objects.get(key="record").enabled


def test_an_entry_is_run_now_and_leads_to_its_jobs(admin):
    admin.post("/jobs/schedule/record/run")
    job = BackgroundJob.objects.get(cron_key="record")
    assert job.get_absolute_url() in admin.get("/jobs/schedule").content.decode()
    RecordJob.enqueue()
    found = admin.get("/jobs.json", {"search[cron_key]": "record"}).json()
    assert [record["id"] for record in found] == [str(job.pk)]
    assert "/jobs/schedule#record" in admin.get(f"/jobs/{job.pk}").content.decode()


def test_an_entry_whose_last_job_has_not_finished_is_not_run_again(admin):
    admin.post("/jobs/schedule/record/run")
    response = admin.post("/jobs/schedule/record/run", follow=True)
    assert "the last one has not finished" in response.content.decode()
    assert admin.post("/jobs/schedule/record/run.json").status_code == 422
    perform_enqueued_jobs()
    assert admin.post("/jobs/schedule/record/run.json").status_code == 204


def test_any_key_has_its_addresses(admin):
    html = admin.get("/jobs/schedule").content.decode()
    address = "/jobs/schedule/a%20key/with%20%23%25/run"
    assert address in html
    assert admin.post(f"{address}.json").status_code == 204
    assert BackgroundJob.objects.filter(cron_key="a key/with #%").exists()


def test_an_empty_schedule_says_so(admin, settings):
    settings.JOBS_SCHEDULE = None
    assert "Nothing is scheduled" in admin.get("/jobs/schedule").content.decode()


def test_the_schedule_takes_as_many_queries_for_any_number_of_jobs(admin, django_assert_num_queries):
    admin.get("/jobs/schedule")
    for key in ("record", "a key/with #%"):
        cron.run_now(key)
    with django_assert_num_queries(6):
        admin.get("/jobs/schedule")


@pytest.mark.parametrize(
    ("line", "words"),
    [
        ("* * * * *", "every minute"),
        ("*/15 * * * *", "every 15 minutes"),
        ("5 * * * *", "hourly at :05"),
        ("0 0 * * *", "daily at 00:00"),
        ("30 4 * * 0", "Sundays at 04:30"),
        ("0 0 1 * *", "monthly on day 1 at 00:00"),
        ("0 0 1 1 *", ""),
        ("0 0 1 * 1", ""),
        ("0 0 * * 1-5", ""),
        ("0,30 * * * *", ""),
        ("nonsense", ""),
    ],
)
def test_common_lines_are_put_into_words(line, words):
    assert in_words(line) == words
