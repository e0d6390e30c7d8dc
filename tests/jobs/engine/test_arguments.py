import math
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from uuid import UUID

import pytest
from django.contrib.sessions.models import Session
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from booru.models import User
from jobs.engine.arguments import decode_arguments, describe_arguments, encode_arguments
from jobs.engine.base import Job
from jobs.engine.errors import ArgumentError, MissingArgument
from jobs.engine.models import BackgroundJob
from tests.factories import UserFactory
from tests.jobs.engine.sample_jobs import RecordJob

text = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"))
scalars = (
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats(allow_nan=False, allow_infinity=False)
    | text
    | st.datetimes(timezones=st.just(UTC))
    | st.dates()
    | st.timedeltas()
    | st.decimals(allow_nan=False)
    | st.uuids()
)
values = st.recursive(
    scalars,
    lambda inner: (
        st.lists(inner)
        | st.tuples(inner, inner)
        | st.dictionaries(text | st.sampled_from(["_model", "_date", "_dict", "pk"]), inner)
    ),
    max_leaves=12,
)


@given(args=st.lists(values), kwargs=st.dictionaries(st.text("abc", min_size=1), values))
def test_arguments_come_back_as_they_were(args, kwargs):
    assert decode_arguments(encode_arguments(tuple(args), kwargs)) == (tuple(args), kwargs)


@given(value=values)
def test_any_arguments_can_be_described(value):
    assert isinstance(describe_arguments(encode_arguments((value,), {})), str)


@pytest.mark.django_db
@pytest.mark.parametrize(
    "value",
    [
        datetime(2026, 1, 2, 3, 4, 5, 6, tzinfo=UTC),
        date(2026, 1, 2),
        timedelta(days=-1, seconds=2, microseconds=3),
        Decimal("1.10"),
        UUID(int=7),
        (1, [2, {"three": (4,)}]),
        {"_model": "a trap", "pk": 1},
        "\\u0000 written out",
        10**40,
    ],
)
def test_arguments_survive_the_database(value):
    job = RecordJob.enqueue(value)
    job.refresh_from_db()
    assert decode_arguments(job.arguments) == ((value,), {})


@pytest.mark.django_db
def test_a_record_is_kept_as_a_reference_and_loaded_afresh():
    session = Session.objects.create(session_key="abc", session_data="old", expire_date=timezone.now())
    encoded = encode_arguments((session,), {})
    assert encoded == {"args": [{"_model": "sessions.session", "pk": "abc"}]}
    Session.objects.update(session_data="new")
    (loaded,), _ = decode_arguments(encoded)
    assert loaded.session_data == "new"


@pytest.mark.django_db
def test_a_record_that_is_gone_is_missing():
    with pytest.raises(MissingArgument, match="Session #abc does not exist any more"):
        decode_arguments({"args": [{"_model": "sessions.session", "pk": "abc"}]})
    with pytest.raises(MissingArgument, match=r"there is no model gone\.model any more"):
        decode_arguments({"args": [{"_model": "gone.model", "pk": 1}]})


@pytest.mark.parametrize(
    ("args", "kwargs", "message"),
    [
        ((1, object()), {}, "argument 2 is of type object; a job can be given: str, int"),
        ((), {"when": {1, 2}}, "argument 'when' is of type set"),
        (([1, b"x"],), {}, r"argument 1\[1\] is of type bytes"),
        (({"a": {"b": Job}},), {}, r"argument 1\['a'\]\['b'\] is of type type"),
        ((math.nan,), {}, "argument 1 is nan, which JSON cannot hold"),
        ((math.inf,), {}, "argument 1 is inf"),
        (({1: 2},), {}, "argument 1 has the key 1; keys must be strings"),
        (("a\0b",), {}, "argument 1 contains a NUL character"),
        (("\ud800",), {}, "argument 1 contains half a surrogate pair"),
        ((User(name="x"),), {}, "argument 1 is an unsaved User"),
    ],
)
def test_what_cannot_be_kept_is_refused_by_name(args, kwargs, message):
    with pytest.raises(ArgumentError, match=message):
        encode_arguments(args, kwargs)


@pytest.mark.django_db
def test_a_refused_argument_saves_nothing():
    with pytest.raises(ArgumentError):
        RecordJob.enqueue(object())
    assert not BackgroundJob.objects.exists()


def test_arguments_are_described_for_people():
    encoded = {
        "args": [{"_model": "sessions.session", "pk": 3}, {"_model": "gone.thing", "pk": 4}, "hé", None],
        "kwargs": {"wait": {"_timedelta": [0, 90, 0]}, "pair": {"_tuple": [1, {"_decimal": "1.5"}]}},
    }
    assert describe_arguments(encoded) == 'Session #3, gone.thing #4, "hé", null, wait=0:01:30, pair=(1, 1.5)'


@pytest.mark.django_db
def test_a_model_says_what_is_loaded_along_with_it(monkeypatch, django_assert_num_queries):
    monkeypatch.setattr(User, "loaded_for_jobs", ("email_address",), raising=False)
    user = UserFactory(with_email=True)
    encoded = encode_arguments((user,), {})
    with django_assert_num_queries(1):
        ((loaded,), _) = decode_arguments(encoded)
        assert loaded.email_address.address == user.email_address.address
