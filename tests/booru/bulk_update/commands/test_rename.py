import pytest
from django.core.exceptions import ValidationError

from booru.models import Level, TagAlias, TagImplication, WikiPage
from booru.models.tags.tag import TagCategory
from tests.support.tag_factories import (
    apply_script,
    make_implication,
    make_post,
    make_request,
    make_tag,
    make_wiki_page,
)

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("line", "problem"),
    [
        ("rename aaa -> bbb", "[[aaa]] -> [[bbb]] ([[aaa]] doesn't exist)"),
        ("rename tag -> tag_", "[[tag]] -> [[tag_]] ('tag_' cannot end with an underscore)"),
        (
            "rename tag -> (a,",
            (
                "[[tag]] -> [[(a,]] ('(a,' cannot have unbalanced parentheses; "
                "'(a,' cannot contain commas (','))"
            ),
        ),
        (
            "rename large -> tag_",
            "[[large]] -> [[tag_]] ([[large]] has more than 200 posts, use an alias instead)",
        ),
    ],
)
def test_a_rename_that_cannot_be_is_refused(line, problem):
    make_tag("tag", post_count=200)
    make_tag("large", post_count=201)
    with pytest.raises(ValidationError) as error:
        make_request(line)
    assert error.value.messages == [f"Can't rename {problem}"]


def test_everything_follows_and_no_alias_stays():
    post, page = make_post("foo blah"), make_wiki_page("foo", "About [[foo]].")
    make_implication("foo", "up")
    request = apply_script("rename foo -> bar")
    post.refresh_from_db()
    page.refresh_from_db()
    assert post.tag_string == "bar blah up"
    assert (page.title, page.body) == ("bar", "About [[bar]].")
    assert {str(implication) for implication in TagImplication.objects.active()} == {"bar -> up"}
    assert not TagAlias.objects.exists()
    assert post.versions.latest("version").bulk_update_request == request


def test_implications_that_follow_name_the_request_that_moved_them():
    make_tag("foo")
    before = make_implication("foo", "up")
    request = apply_script("rename foo -> bar")
    before.refresh_from_db()
    after = TagImplication.objects.active().get()
    assert (before.removed_by_request, after.created_by_request) == (request, request)


def test_a_tag_can_be_given_its_own_name():
    post = make_post("foo x")
    apply_script("rename foo -> FOO")
    post.refresh_from_db()
    assert post.tag_string == "foo x"


def test_an_implication_between_the_two_cannot_follow():
    make_tag("foo")
    make_implication("foo", "bar")
    with pytest.raises(ValidationError, match="Cannot alias or implicate a tag to itself"):
        apply_script("rename foo -> bar")
    assert {str(implication) for implication in TagImplication.objects.active()} == {"foo -> bar"}


def test_builders_may_approve_small_artist_renames():
    make_tag("foo", TagCategory.ARTIST)
    assert make_request("rename foo -> bar").approval_level == Level.BUILDER
    make_tag("bar", post_count=1)
    assert make_request("rename foo -> bar").approval_level == Level.ADMIN


def test_the_dry_run_tells_what_would_move():
    posts = [make_post("foo_(cosplay)"), make_post("foo x")]
    make_implication("foo", "up")
    make_implication("foo_(cosplay)", "down")
    make_wiki_page("other", "See [[foo]].")
    (command,) = make_request("rename foo -> bar").processor.commands
    edits = [
        (list(planned.posts), planned.edit.drop, planned.edit.add) for planned in command.planned_edits()
    ]
    assert edits == [
        ([posts[0]], ("foo_(cosplay)",), ("bar_(cosplay)",)),
        (posts, ("foo",), ("bar",)),
    ]
    assert command.touched_records() == {"implications": 2, "wiki pages": 1}
    assert WikiPage.objects.get().body == "See [[foo]]."
