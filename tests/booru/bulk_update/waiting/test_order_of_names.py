"""Lines that touch the same run one after the other, whatever they call it; others run side by side."""

from importlib import import_module

import pytest
from django.db import connection, transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from booru.bulk_update.parser import parse_script
from booru.bulk_update.run import Run
from booru.models import BulkUpdateRequest, Pool, Post, User
from jobs.bulk_update_requests import ProcessBulkUpdateRequestJob
from tests.support.factories import PostFactory
from tests.support.tag_factories import make_alias, make_implication, make_tag, make_user, make_wiki_page

pytestmark = pytest.mark.django_db


def requested(script):
    """A request as it is saved, whatever rules are against it."""
    bur = BulkUpdateRequest(user=make_user(), script=script)
    bur.save_script()
    return bur


def wait_for_each_other(first, second):
    """Is the second kept back while the first is unfinished?"""
    with transaction.atomic():
        job = ProcessBulkUpdateRequestJob.enqueue(requested(first))
        keys = set(requested(second).lock_keys())
        transaction.set_rollback(True)
    return not keys.isdisjoint(job.lock_keys)


@pytest.fixture
def world(db):
    make_alias("kitty", "cat")
    make_implication("q", "r")
    make_implication("r", "s")
    make_tag("hair_ribbon", post_count=1)
    make_wiki_page("b", "About b.")
    Pool.objects.create(pk=77, name="Nice_Pool", description="Nice.")
    for tags in (
        "a",
        "a b",
        "b",
        "cat",
        "b cat",
        "q r s",
        "a q r s",
        "c",
        "a c",
        "bob",
        "b bob",
        "hair_ribbon",
    ):
        PostFactory(tag_string=tags, rating="g")


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("update a -> char:q", "nuke q"),
        ("update a -> char:q", "update q -> x"),
        ("update a -> CH:Q", "category q -> artist"),
        ("update a -> artist:'q'", "rename q -> w"),
        ("update a -> general:q", "update b -> meta:q"),
        ("update a -> q", "nuke r"),
        ("update a -> q", "nuke s"),
        ("update a -> char:q", "update s -> x"),
        ("update a -> q", "unimply r -> s"),
        ("alias x -> q", "update s -> y"),
        ("imply x -> q", "nuke s"),
        ("update kitty -> x", "update cat -> y"),
        ("update a -> kitty", "nuke cat"),
        ("update a -> -kitty", "nuke cat"),
        ("nuke kitty", "update b -> cat"),
        ("update a -> /hr", "nuke hair_ribbon"),
        ("update /hr -> x", "alias hair_ribbon -> y"),
        ("update a -> bob_(cosplay)", "nuke bob"),
        ("update a -> char:bob_(cosplay)", "nuke cosplay"),
        ("update a -> x_school_uniform", "nuke school_uniform"),
        ("alias bob -> bib", "nuke bob_(cosplay)"),
        ("rename bob -> bib", "update a -> bib_(style)"),
        ("update a unaliased:Kitty -> x", "nuke kitty"),
        ("update a -b -> x", "nuke b"),
        ("update a (~c ~d) -> x", "nuke d"),
        ("update a -> pool:nice_pool", "nuke pool:77"),
        ("update a -> pool:77", "convert b -> pool:NICE_POOL"),
        ("update a pool:nice__pool -> x", "nuke pool:Nice_Pool"),
        ("update a -> newpool:'A New One'", "update c -> pool:a_new_one"),
        ("update a -> -pool:77", "update c -> pool:nice_pool"),
        ("update a pool:any -> x", "nuke pool:77"),
        ("update a -> pool:none", "nuke pool:77"),
        ("update a h* -> x", "nuke hair_ribbon"),
        ("update a -h* -> x", "nuke hair_ribbon"),
        ("update a rating:s -> x", "update c -> rating:s"),
        ("update a -> rating:s", "update c -> rating:e"),
        ("update a source:x -> y", "update c -> source:z"),
        ("update a parent:any -> x", "update c -> child:5"),
        ("update a is:banned -> x", "update c -> status:banned"),
        ("update a score:>0 -> x", "update c -> upvote:self"),
        ("update a tagcount:>5 -> x", "update c -> y"),
        ("update a tagme -> x", "update c -> -c"),
        ("deprecate q", "update a -> char:q"),
        ("undeprecate new_tag", "update a -> new_tag"),
    ],
)
def test_the_same_under_another_name(world, one, other):
    assert wait_for_each_other(one, other)
    assert wait_for_each_other(other, one)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("update a -> char:x", "update c -> char:y"),
        ("update a -> q", "update c -> bob"),
        ("update a rating:s -> x", "update c rating:s -> y"),
        ("update a rating:s -> x", "update c -> source:z"),
        ("update a -> pool:77", "update c -> pool:some_other"),
        ("update a source:x -> y", "update c parent:none -> z"),
        ("update a id:1..5 -> x", "update c -date:2024-01-01 -> y"),
        ("nuke kitty", "nuke bob"),
        ("alias a -> x", "imply c -> q"),
        ("alias a -> x", "alias c -> y"),
        ("alias a -> x", "update bob_(cosplay) -> y"),
        ("update q -> x", "nuke r"),
        ("convert b -> pool:77", "update a -> rating:s"),
    ],
)
def test_other_names_do_not_wait(world, one, other):
    assert not wait_for_each_other(one, other)
    assert not wait_for_each_other(other, one)


def test_what_a_tag_becomes_before_it_is_touched_counts_too(world):
    ProcessBulkUpdateRequestJob.enqueue(requested("imply x -> y"))
    gives_x = ProcessBulkUpdateRequestJob.enqueue(requested("update a -> x"))
    assert "tag:y" in gives_x.lock_keys
    assert not set(gives_x.lock_keys).isdisjoint(requested("nuke y").lock_keys())


def test_readers_of_a_field_wait_for_who_writes_it_alone(world):
    reader = ProcessBulkUpdateRequestJob.enqueue(requested("update a rating:s -> x"))
    other = ProcessBulkUpdateRequestJob.enqueue(requested("update c rating:s -> y"))
    assert set(reader.lock_keys).isdisjoint(other.lock_keys)
    writer = ProcessBulkUpdateRequestJob.enqueue(requested("update bob -> rating:e"))
    for job in (reader, other):
        assert not set(writer.lock_keys).isdisjoint(job.lock_keys)
    assert not set(writer.lock_keys).isdisjoint(requested("update q rating:s -> z").lock_keys())


LINES = st.sampled_from(
    [
        *(
            "update a -> char:q",
            "update b -> q",
            "update b -q -> x",
            "nuke q",
            "nuke kitty",
            "nuke r",
            "nuke s",
        ),
        *(
            "update kitty -> y",
            "update b -> -r",
            "update b -> kitty",
            "update a q -> -s b",
            "update a pool:77 -> x",
        ),
        *("nuke pool:nice_pool", "convert b -> pool:nice_pool", "update a -> pool:77", "update a* -> y"),
        *(
            "update b rating:s -> x",
            "update a -> rating:s",
            "update b -> rating:e",
            "rename q -> z",
            "alias q -> z",
        ),
        *("alias bob -> bib", "update a -> bob_(cosplay)", "imply a -> b", "unimply q -> r", "imply s -> t"),
        *(
            "update c -> /hr",
            "nuke hair_ribbon",
            "update c -> -c",
            "update tagme -> x",
            "update b source:x -> y",
        ),
        *(
            "update b -> source:x",
            "update c -> a",
            "update ~a ~b -> both",
            "deprecate q",
            "update a tagcount:2 -> two",
        ),
    ]
)


def state():
    posts = Post.objects.order_by("id").values_list("id", "tag_string", "rating", "source")
    pools = {name: sorted(ids) for name, ids in Pool.objects.values_list("name", "post_ids")}
    return {post: (set(tags.split()), *rest) for post, tags, *rest in posts}, pools


def after(*lines):
    with transaction.atomic():
        for line in lines:
            bur = requested(line)
            for command in parse_script(line):
                command.process(Run(bur, User.objects.system()))
        result = state()
        transaction.set_rollback(True)
    return result


def written(line):
    """The tags that posts get or lose by it, but for the one of posts without any."""
    before, changed = state()[0], after(line)[0]
    return set().union(*(before[post][0] ^ changed[post][0] for post in before)) - {"tagme"}


@settings(
    max_examples=15,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(one=LINES, other=LINES)
def test_what_does_not_come_out_the_same_in_both_orders_is_not_done_at_once(world, one, other):
    touches = after(one, other) != after(other, one) or not written(one).isdisjoint(written(other))
    if touches and one != other:
        assert wait_for_each_other(one, other)
        assert wait_for_each_other(other, one)


def test_requests_from_before_are_found_by_the_names_too(world):
    bur = requested("update a -> b")
    BulkUpdateRequest.objects.filter(pk=bur.pk).update(tags=["a", "b", "char:q", "co:z", "metal:b"])
    migration = import_module("booru.migrations.0008_tags_of_requests")
    with connection.cursor() as cursor:
        cursor.execute(migration.ADD_PLAIN_NAMES)
    bur.refresh_from_db()
    assert bur.tags == ["a", "b", "char:q", "co:z", "metal:b", "q", "z"]


def test_the_tags_of_a_request_are_found_by_their_names(world):
    bur = requested("update a -> char:Q artist:'New one' rating:s co:co pool:77 source:x\nupdate kitty -> -r")
    assert bur.tags == ["a", "co", "kitty", "new_one", "q", "r"]
