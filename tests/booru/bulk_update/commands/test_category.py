import pytest
from django.core.exceptions import ValidationError

from booru.bulk_update.parser import parse_script
from booru.bulk_update.script_check import script_errors
from booru.models import Artist, Level, Tag, User
from booru.models.tag_relationships.tag_relationship import ValidationContext
from booru.models.tags.tag import TagCategory
from jobs.engine.testing import enqueued_jobs
from jobs.tags import UpdateTagCategoryPostCountsJob
from tests.support.tag_factories import apply_script, make_alias, make_post, make_request, make_tag, make_user

pytestmark = pytest.mark.django_db


def errors_of(script):
    with pytest.raises(ValidationError) as error:
        make_request(script)
    return error.value.messages


@pytest.mark.parametrize(
    ("line", "problem"),
    [
        ("category hello -> artist", "[[hello]] to artist ([[hello]] doesn't exist)"),
        ("category touhou -> copyright", "[[touhou]] to copyright ([[touhou]] is already in that category)"),
        ("category touhou -> CO", "[[touhou]] to co ([[touhou]] is already in that category)"),
        ("category touhou -> pool", "[[touhou]] to pool (pool is not a valid category)"),
        ("category bkub -> general", "[[bkub]] to general ([[bkub]] has an artist entry)"),
    ],
)
def test_a_change_that_cannot_be_is_refused(line, problem):
    make_tag("touhou", TagCategory.COPYRIGHT)
    make_tag("bkub", TagCategory.ARTIST)
    Artist.objects.create(name="bkub", is_deleted=True)
    assert errors_of(line) == [f"Can't change the category of {problem}"]


@pytest.mark.parametrize("context", [ValidationContext.REQUEST, ValidationContext.APPROVAL])
def test_what_could_not_be_carried_out_is_refused_before(context):
    make_tag("old")
    make_tag("hello")
    make_alias("old", "hello")
    Artist.objects.create(name="hello")
    aliased, artist = (parse_script(f"category {name} -> meta") for name in ("old", "hello"))
    assert script_errors(aliased, context) == [
        "Can't change the category of [[old]] to meta (Can't change the category of an aliased tag)"
    ]
    why = {
        ValidationContext.REQUEST: "[[hello]] has an artist entry",
        ValidationContext.APPROVAL: "Artist tags must be in the Artist category",
    }
    assert script_errors(artist, context) == [
        f"Can't change the category of [[hello]] to meta ({why[context]})"
    ]


def test_a_tag_that_an_earlier_line_makes_is_found():
    make_request("alias a -> b\ncategory b -> artist")


@pytest.mark.parametrize("word", ["artist", "Art", "1"])
def test_it_changes_the_category(word):
    make_tag("hello")
    apply_script(f"category hello -> {word}")
    assert Tag.objects.named("hello").category == TagCategory.ARTIST


def test_posts_are_counted_within_the_request():
    make_tag("old")
    posts = [make_post("hello x") for _ in range(3)]
    make_alias("old", "hello")
    request = apply_script("category hello -> character")
    for post in posts:
        post.refresh_from_db()
        assert (post.tag_count_general, post.tag_count_character) == (1, 1)
    assert not enqueued_jobs(UpdateTagCategoryPostCountsJob)
    for name in ("hello", "old"):
        version = Tag.objects.named(name).versions.latest("version")
        assert (version.category, version.updater) == (4, User.objects.system())
        assert version.bulk_update_request == request


def test_a_large_tag_changes_whatever_the_level_of_the_site_is():
    make_tag("hello", post_count=1_000_000)
    assert User.objects.system().level == Level.MODERATOR
    apply_script("category hello -> meta")
    assert Tag.objects.named("hello").category == TagCategory.META


def test_a_change_that_a_rule_forbids_in_the_end_fails_the_request():
    make_tag("hello")
    request = make_request("category hello -> meta")
    request.approve(make_user(Level.ADMIN))
    Artist.objects.create(name="hello")
    with pytest.raises(ValidationError, match="Artist tags must be in the Artist category"):
        request.process()
    request.refresh_from_db()
    assert (request.status, Tag.objects.named("hello").category) == ("failed", TagCategory.GENERAL)


def test_at_approval_a_tag_may_be_in_the_category_already():
    tag = make_tag("hello")
    request = make_request("category hello -> meta")
    Tag.objects.filter(pk=tag.pk).update(category=TagCategory.META)
    request.approve(make_user(Level.ADMIN))
    request.process()
    assert (request.status, tag.versions.count()) == ("approved", 0)


def test_only_admins_approve_it():
    make_tag("hello", TagCategory.CHARACTER)
    assert make_request("category hello -> meta").approval_level == Level.ADMIN


def test_the_dry_run_tells_which_posts_are_counted_anew():
    post, _ = make_post("hello"), make_tag("old")
    make_alias("old", "hello")
    (command,) = make_request("category hello -> meta").processor.commands
    (planned,) = command.planned_edits()
    assert list(planned.posts) == [post]
    assert (planned.edit.add, planned.edit.remove, planned.edit.drop) == ((), (), ())
    assert command.touched_records() == {"tags": 2}
