"""Every command of ours shows that it goes on, and is quiet when it is told to be."""

import io

import pytest
from django.core.management import call_command

from booru.models import Tag
from jobs.engine.insight import long_work
from jobs.engine.models import BackgroundJob
from jobs.engine.testing import perform_enqueued_jobs
from tests.support.sample_jobs import FailingJob

pytestmark = pytest.mark.django_db
QUIET = [["--quiet"], ["--verbosity", "0"]]


@pytest.fixture(autouse=True)
def every_moment(monkeypatch):
    monkeypatch.setattr(long_work, "LINE_EVERY", 0.001)


@pytest.fixture
def tags(tmp_path):
    path = tmp_path / "tags.csv"
    path.write_text("".join(f"tag_{n},0,5,\n" for n in range(5000)))
    return path


def outcome(*words):
    out, err = io.StringIO(), io.StringIO()
    call_command(*map(str, words), stdout=out, stderr=err)
    return out.getvalue(), err.getvalue()


def test_tags_that_are_imported_are_counted(tags):
    out, err = outcome("import_tags", tags)
    assert "Tags: 5,000 made" in out
    assert "Reading: " in err
    assert "Saving tags: for " in err


@pytest.mark.parametrize("quiet", QUIET)
def test_tags_are_imported_quietly(quiet, tags):
    assert outcome("import_tags", tags, *quiet) == ("", "")
    assert Tag.objects.filter(name__startswith="tag_").count() == 5000


def test_what_is_wrong_is_told_all_the_same(tags):
    tags.write_text("solo,0,1,\nsolo,x,1,\n")
    out, err = outcome("import_tags", tags, "--quiet")
    assert out == ""
    assert err.startswith("line 2: 'x' is not a category")


def test_seeding_shows_how_far_it_is(tags):
    out, err = outcome("seed", "--force", "--posts", 300)
    assert "Posts: 300 made" in out
    assert "Counting the posts of every tag: for " in err


@pytest.mark.parametrize("quiet", QUIET)
def test_seeding_can_be_quiet(quiet):
    assert outcome("seed", "--force", "--posts", 5, *quiet) == ("", "")


@pytest.mark.parametrize("quiet", QUIET)
def test_maintenance_can_be_quiet(quiet):
    assert outcome("maintenance", "hourly", *quiet) == ("", "")
    assert BackgroundJob.objects.queued().exists()


def test_jobs_that_are_retried_are_counted():
    for _ in range(50):
        FailingJob.enqueue()
    perform_enqueued_jobs()
    out, err = outcome("jobs", "retry", "--all-discarded")
    assert out == "50 jobs enqueued again\n"
    assert "of 50 jobs, " in err


@pytest.mark.parametrize("quiet", QUIET)
def test_jobs_are_retried_quietly(quiet):
    FailingJob.enqueue()
    perform_enqueued_jobs()
    # Django's options stand before the subcommand's, --quiet behind it.
    words = ["jobs", *quiet, "retry"] if quiet[0] == "--verbosity" else ["jobs", "retry", *quiet]
    assert outcome(*words, "--all-discarded") == ("", "")
    assert not BackgroundJob.objects.discarded().exists()
