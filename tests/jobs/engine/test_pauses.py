"""Pausing and resuming."""

from __future__ import annotations

import threading

import pytest
from django.db import connection, transaction
from django.db.models import F

from jobs.engine.models import BackgroundJob, Hold, Pause, PauseKind
from jobs.engine.pauses import pause, paused, resume
from jobs.engine.queue import holds
from jobs.engine.testing import perform_enqueued_jobs
from tests.support.keyed_jobs import LockedJob
from tests.support.sample_jobs import OtherJob, RecordJob
from tests.support.waiting import PATIENCE, wait_until_blocked

pytestmark = pytest.mark.django_db


def test_a_paused_queue_starts_nothing_until_it_is_resumed(calls):
    RecordJob.enqueue()
    assert pause(PauseKind.QUEUE, "default", by="Alice")
    assert not pause(PauseKind.QUEUE, "default")
    assert [str(row) for row in paused()] == ["queue default"]
    assert perform_enqueued_jobs() == []
    assert resume(PauseKind.QUEUE, "default")
    assert not resume(PauseKind.QUEUE, "default")
    assert len(perform_enqueued_jobs()) == 1


def test_a_paused_class_is_put_aside_at_once_and_taken_back():
    before = RecordJob.enqueue()
    pause(PauseKind.JOB_CLASS, RecordJob.path())
    after, other = RecordJob.enqueue(), OtherJob.enqueue()
    before.refresh_from_db()
    assert before.held == Hold.PAUSE
    assert perform_enqueued_jobs() == [other]
    resume(PauseKind.JOB_CLASS, RecordJob.path())
    assert perform_enqueued_jobs() == [before, after]


def test_what_waits_for_a_lock_key_goes_on_waiting():
    first = RecordJob.using(lock_keys=["a"]).enqueue()
    second = RecordJob.using(lock_keys=["a"]).enqueue()
    BackgroundJob.objects.filter(pk=first.pk).update(performed_at=F("run_after"))
    BackgroundJob.objects.filter(pk=second.pk).update(held=Hold.LOCK)
    pause(PauseKind.JOB_CLASS, RecordJob.path())
    resume(PauseKind.JOB_CLASS, RecordJob.path())
    second.refresh_from_db()
    assert second.held == Hold.LOCK


@pytest.mark.parametrize("name", ["", "a\0b"])
def test_a_pause_needs_a_name(name):
    with pytest.raises(ValueError, match="needs a name"):
        pause(PauseKind.QUEUE, name)
    assert not resume(PauseKind.QUEUE, name)


def test_a_class_can_be_named_without_its_path():
    job = RecordJob.enqueue()
    assert pause(PauseKind.JOB_CLASS, "RecordJob")
    assert not pause(PauseKind.JOB_CLASS, RecordJob.path())
    assert [row.name for row in paused()] == [RecordJob.path()]
    assert perform_enqueued_jobs() == []
    assert resume(PauseKind.JOB_CLASS, "RecordJob")
    assert perform_enqueued_jobs() == [job]


def test_a_name_without_a_path_must_be_one_class():
    RecordJob.enqueue()
    BackgroundJob.objects.create(job_class="elsewhere.RecordJob")
    with pytest.raises(ValueError, match="may be elsewhere"):
        pause(PauseKind.JOB_CLASS, "RecordJob")
    with pytest.raises(ValueError, match="no job of a class NoSuchJob is there"):
        pause(PauseKind.JOB_CLASS, "NoSuchJob")
    assert not resume(PauseKind.JOB_CLASS, "NoSuchJob")
    assert pause(PauseKind.JOB_CLASS, RecordJob.path())
    assert pause(PauseKind.JOB_CLASS, "elsewhere.RecordJob")
    assert not resume(PauseKind.JOB_CLASS, "RecordJob")
    assert len(paused()) == 2


def test_what_a_paused_class_keeps_in_order_stays_in_order(calls):
    LockedJob.enqueue(1, "a")
    pause(PauseKind.JOB_CLASS, LockedJob.path())
    RecordJob.using(lock_keys=["a"]).enqueue(2)
    assert perform_enqueued_jobs() == []
    resume(PauseKind.JOB_CLASS, LockedJob.path())
    perform_enqueued_jobs()
    assert calls == [1, ((2,), {})]


@pytest.mark.django_db(transaction=True)
def test_resuming_takes_back_what_a_worker_puts_aside_at_that_moment():
    Pause.objects.create(kind=PauseKind.JOB_CLASS, name=RecordJob.path())
    job = RecordJob.enqueue()
    resumed = threading.Thread(target=_resume_elsewhere)
    with transaction.atomic():
        holds.hold_paused_class(RecordJob.path())
        resumed.start()
        wait_until_blocked("resuming to wait for this transaction")
    resumed.join(PATIENCE)
    job.refresh_from_db()
    assert job.held is None
    assert not Pause.objects.exists()


def _resume_elsewhere() -> None:
    try:
        resume(PauseKind.JOB_CLASS, RecordJob.path())
    finally:
        connection.close()
