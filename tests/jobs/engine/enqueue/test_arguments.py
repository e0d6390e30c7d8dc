import math
from datetime import UTC, date, datetime, time, timedelta, tzinfo
from decimal import Decimal
from importlib import resources
from typing import NamedTuple
from uuid import UUID
from zoneinfo import ZoneInfo

import pytest
from django.contrib.sessions.models import Session
from django.http import QueryDict
from django.utils import timezone
from django.utils.functional import SimpleLazyObject
from django.utils.safestring import SafeString
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from booru.models import Level, User
from jobs.engine.base import Job
from jobs.engine.enqueue import arguments
from jobs.engine.enqueue.arguments import encode_arguments
from jobs.engine.enqueue.decoding import decode_arguments
from jobs.engine.errors import ArgumentError, MissingArgument, UnreadableArguments
from jobs.engine.insight.argument_words import describe_arguments
from jobs.engine.models import BackgroundJob, JobBatch
from tests.support.factories import UserFactory
from tests.support.sample_jobs import RecordJob


class Point(NamedTuple):
    x: int


class Words(dict[str, str]):
    """A dict with ways of its own."""


def loop():
    value = []
    value.append({"again": value})
    return value


def nested(depth):
    value = []
    for _ in range(depth - 1):
        value = [value]
    return value


class Mute:
    def __repr__(self):
        raise ValueError("no words")


def zone_from_file(name):
    """Paris, by another name."""
    with resources.files("tzdata.zoneinfo.Europe").joinpath("Paris").open("rb") as file:
        return ZoneInfo.from_file(file, key=name)


class NoZone(tzinfo):
    def utcoffset(self, when):
        raise ValueError("no time")


class OddZone(tzinfo):
    def utcoffset(self, when):
        return timedelta(0)


PARIS = ZoneInfo("Europe/Paris")
text = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"))
scalars = (
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats(allow_nan=False, allow_infinity=False)
    | text
    | st.datetimes(timezones=st.just(UTC))
    | st.datetimes(timezones=st.just(PARIS))
    | st.dates()
    | st.times()
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


@settings(suppress_health_check=[HealthCheck.too_slow], deadline=None)
@given(args=st.lists(values), kwargs=st.dictionaries(st.text("abc", min_size=1), values))
def test_arguments_come_back_as_they_were(args, kwargs):
    assert decode_arguments(encode_arguments(tuple(args), kwargs)) == (tuple(args), kwargs)


@settings(suppress_health_check=[HealthCheck.too_slow], deadline=None)
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
        -(10**3999),
        1e16,
        1.5e300,
        5e-324,
        -0.0,
        0.0,
        1.0,
        123456789.123,
        {"zoe": 1, "al": 2, "b": 3},
        {"b": {"_items": 1, "_float": "x"}, "a": [{"d": 1, "c": 2}]},
        {"_zone": "x", "_fold": 1},
        time(1, 2, 3, 4),
        time(1, 2, tzinfo=UTC),
        time(1, 2, tzinfo=PARIS, fold=1),
        datetime(2026, 10, 25, 2, 30, tzinfo=PARIS),
        datetime(2026, 10, 25, 2, 30, tzinfo=PARIS, fold=1),
        datetime(2026, 7, 1, tzinfo=ZoneInfo("UTC")),
        datetime.max,
        date.min,
        timedelta.max,
        nested(100),
    ],
    ids=lambda value: f"{value!r:.40}",
)
def test_arguments_survive_the_database(value):
    job = RecordJob.enqueue(value, named=value)
    many = RecordJob.enqueue_many([(value,)])
    job.refresh_from_db()
    (back,), kwargs = decode_arguments(job.arguments)
    # With the order of keys, the sign of zero, the name of the time zone, and which of two equal times it is.
    assert repr(back) == repr(value)
    assert type(back) is type(value)
    assert repr(kwargs) == repr({"named": value})
    assert repr(decode_arguments(BackgroundJob.objects.get(pk=many[0]).arguments)[0]) == repr((value,))


@pytest.mark.django_db
def test_the_order_of_names_is_kept():
    job = RecordJob.enqueue(zoe=1, al=2, b=3)
    job.refresh_from_db()
    assert list(decode_arguments(job.arguments)[1]) == ["zoe", "al", "b"]


@pytest.mark.django_db
def test_what_is_derived_from_a_plain_value_comes_back_as_that():
    encoded = encode_arguments((Level.ADMIN, SafeString("safe"), User.__name__), {})
    assert decode_arguments(encoded)[0] == (50, "safe", "User")


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
    with pytest.raises(MissingArgument, match="Session #abc no longer exists"):
        decode_arguments({"args": [{"_model": "sessions.session", "pk": "abc"}]})
    with pytest.raises(MissingArgument, match=r"there is no longer a model gone\.model"):
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
        ((JobBatch(),), {}, "argument 1 is an unsaved JobBatch"),
        ((10**5000,), {}, "argument 1 is an integer of more than 4000 digits"),
        ((), {"n": -(10**4000)}, "argument 'n' is an integer of more than 4000 digits"),
        ((nested(101),), {}, "argument 1.*more than 100 lists and dicts deep"),
        (([1, loop()],), {}, r"argument 1\[1\].*contains itself"),
        ((Point(1),), {}, r"argument 1 is of type Point and would come back as a tuple; pass tuple\("),
        ((Words(a="b"),), {}, "argument 1 is of type Words and would come back as a dict"),
        ((QueryDict("a=1&a=2"),), {}, "argument 1 is of type QueryDict"),
        ((datetime(2026, 1, 1, tzinfo=OddZone()),), {}, "argument 1 has a time zone of type OddZone"),
        ((), {"a\0": 1}, "argument 'a.x00' contains a NUL"),
        ((), {1: 2}, "an argument has the name 1; names must be strings"),
        (({Mute(): 1},), {}, "argument 1 has the key a Mute"),
        ((datetime(2026, 1, 1, tzinfo=NoZone()),), {}, "argument 1 has a time zone of type NoZone"),
        (
            (datetime(2026, 1, 1, tzinfo=zone_from_file("Not/There")),),
            {},
            "argument 1 has the time zone 'Not/There'",
        ),
        ((time(1, tzinfo=zone_from_file("a\0")),), {}, "argument 1 has the time zone 'a.x00'"),
        ((time(1, tzinfo=zone_from_file("\ud800")),), {}, "argument 1 has the time zone"),
        (
            (datetime(2026, 1, 1, tzinfo=zone_from_file("Asia/Tokyo")),),
            {},
            "argument 1 has the time zone 'Asia/Tokyo'",
        ),
        ((SimpleLazyObject(lambda: "lazy"),), {}, "argument 1 is a SimpleLazyObject"),
        ((), {"n": SimpleLazyObject(lambda: 5)}, "argument 'n' is a SimpleLazyObject"),
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


@pytest.mark.django_db
def test_arguments_that_are_too_long_are_refused_with_the_longest(monkeypatch):
    monkeypatch.setattr(arguments, "MAX_BYTES", 1000)
    for enqueue in (RecordJob.enqueue, lambda *args: RecordJob.enqueue_many([args])):
        enqueue("x" * 900)
        with pytest.raises(ArgumentError, match="argument 2 is too long: as JSON, all arguments have 1,0"):
            enqueue("x" * 100, "y" * 900)
    with pytest.raises(ArgumentError, match="argument 'text' is too long"):
        RecordJob.enqueue(1, text="y" * 1000)
    assert BackgroundJob.objects.count() == 2


@pytest.mark.django_db
def test_a_record_of_another_database_is_looked_for_there():
    user = UserFactory()
    assert "_db" not in encode_arguments((user,), {})["args"][0]
    user._state.db = "archive"
    encoded = encode_arguments((SimpleLazyObject(lambda: user),), {})
    with pytest.raises(UnreadableArguments, match="'archive' doesn't exist"):
        decode_arguments(encoded)
    encoded["args"][0]["_db"] = "default"
    assert decode_arguments(encoded)[0] == (user,)
