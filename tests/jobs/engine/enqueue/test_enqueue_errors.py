"""What the database refuses comes out of enqueue() as Django's error or the engine's own."""

import uuid
from contextlib import suppress

import pytest
from django.db import (
    DataError,
    Error,
    IntegrityError,
    InterfaceError,
    OperationalError,
    connection,
    transaction,
)
from django.db.utils import InternalError

from jobs.engine.errors import ArgumentError, OptionError
from jobs.engine.models import BackgroundJob, JobBatch
from tests.support.sample_jobs import RecordJob

pytestmark = pytest.mark.django_db(transaction=True)

WAYS = {
    "one": lambda launcher: launcher.enqueue(1),
    "many": lambda launcher: launcher.enqueue_many([(n,) for n in range(2000)]),
}


@pytest.fixture(params=WAYS.values(), ids=WAYS)
def enqueue(request):
    return request.param


@pytest.fixture(autouse=True)
def nothing_is_saved():
    yield
    connection.close()
    assert not BackgroundJob.objects.exists()


def trigger(body: str) -> None:
    """Before each row: until the transaction is rolled back."""
    with connection.cursor() as cursor:
        cursor.execute(
            "CREATE FUNCTION meddle() RETURNS trigger LANGUAGE plpgsql AS "
            f"$$ BEGIN {body}; RETURN NEW; END $$"
        )
        cursor.execute(
            "CREATE TRIGGER meddle BEFORE INSERT ON background_jobs FOR EACH ROW EXECUTE FUNCTION meddle()"
        )


def run(sql: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(sql)


@transaction.atomic
def enqueue_after(enqueue, *statements: str, refused: bool = False) -> None:
    for sql in statements:
        with suppress(Error if refused else ZeroDivisionError):
            run(sql)
    enqueue(RecordJob.using())


@transaction.atomic
def enqueue_with_trigger(enqueue, body: str, setting: str = "") -> None:
    trigger(body)
    if setting:
        run(f"SET LOCAL {setting}")
    enqueue(RecordJob.using())


def test_a_broken_connection(enqueue):
    with pytest.raises((OperationalError, InterfaceError)):
        enqueue_after(enqueue, "SELECT pg_terminate_backend(pg_backend_pid())", refused=True)


def test_a_transaction_that_is_broken_already(enqueue):
    with pytest.raises(Error):
        enqueue_after(enqueue, "SELECT 1/0", refused=True)


def test_a_read_only_transaction(enqueue):
    with pytest.raises(InternalError):
        enqueue_after(enqueue, "SET LOCAL transaction_read_only = on")


def test_a_statement_that_takes_too_long(enqueue):
    with pytest.raises(OperationalError):
        enqueue_with_trigger(enqueue, "PERFORM pg_sleep(1)", "statement_timeout = '50ms'")


@pytest.mark.parametrize(
    ("code", "kind"),
    [
        ("40001", OperationalError),  # serialization_failure
        ("40P01", OperationalError),  # deadlock_detected
        ("22001", DataError),  # string_data_right_truncation
        ("23503", IntegrityError),  # foreign_key_violation
        ("53100", OperationalError),  # disk_full
    ],
)
def test_every_kind_of_refusal(enqueue, code, kind):
    with pytest.raises(kind):
        enqueue_with_trigger(enqueue, f"RAISE EXCEPTION 'no' USING ERRCODE = '{code}'")


def test_a_batch_that_is_not_there(enqueue):
    with pytest.raises(OptionError):
        enqueue(RecordJob.using(batch=JobBatch(pk=uuid.uuid4())))


@pytest.mark.parametrize("text", ["\0", "\ud800"])
def test_text_that_no_row_can_hold(text):
    with pytest.raises(ArgumentError):
        RecordJob.enqueue(text)
    with pytest.raises(ArgumentError):
        RecordJob.enqueue_many([("good",), (text,)])
