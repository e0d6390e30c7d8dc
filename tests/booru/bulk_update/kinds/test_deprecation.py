import pytest
from django.core.exceptions import ValidationError

from booru.models import Level, Tag, TagAlias, TagImplication, User
from tests.support.tag_factories import (
    apply_script,
    make_alias,
    make_implication,
    make_post,
    make_request,
    make_tag,
    make_user,
    make_wiki_page,
)

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("line", "problem"),
    [
        ("deprecate missing", "deprecate [[missing]] (tag doesn't exist)"),
        ("deprecate silver", "deprecate [[silver]] (tag is already deprecated)"),
        ("deprecate no_wiki", "deprecate [[no_wiki]] (tag must have a wiki page)"),
        ("deprecate forgotten", "deprecate [[forgotten]] (wiki page is deleted)"),
        ("undeprecate missing", "undeprecate [[missing]] (tag doesn't exist)"),
        ("undeprecate silver_hair", "undeprecate [[silver_hair]] (tag is not deprecated)"),
    ],
)
def test_what_cannot_be_is_refused(line, problem):
    make_tag("silver", is_deprecated=True)
    for name in ("no_wiki", "forgotten", "silver_hair"):
        make_tag(name)
    make_wiki_page("forgotten", is_deleted=True)
    with pytest.raises(ValidationError) as error:
        make_request(line)
    assert error.value.messages == [f"Can't {problem}"]


def test_a_deprecated_tag_stays_on_its_posts_and_nothing_leads_to_it():
    post = make_post("foo")
    make_wiki_page("foo")
    make_alias("old", "foo")
    make_alias("a", "b")
    make_implication("foo", "up")
    make_implication("down", "foo")
    make_implication("down", "up")
    request = apply_script("deprecate foo")
    post.refresh_from_db()
    tag = Tag.objects.named("foo")
    assert (tag.is_deprecated, post.tag_string) == (True, "foo")
    assert [str(alias) for alias in TagAlias.objects.active()] == ["a -> b"]
    assert [str(implication) for implication in TagImplication.objects.active()] == ["down -> up"]
    assert TagAlias.objects.get(status="deleted").removed_by_request == request
    assert TagImplication.objects.filter(status="deleted", removed_by_request=request).count() == 2
    version = tag.versions.latest("version")
    assert (version.version, version.updater) == (2, User.objects.system())
    assert (version.is_deprecated, version.bulk_update_request) == (True, request)


def test_a_tag_can_be_undeprecated():
    tag = make_tag("foo", is_deprecated=True)
    apply_script("undeprecate foo")
    tag.refresh_from_db()
    assert not tag.is_deprecated


@pytest.mark.parametrize(("keyword", "is_deprecated"), [("deprecate", False), ("undeprecate", True)])
def test_at_approval_nothing_is_asked_for(keyword, is_deprecated):
    tag, page = make_tag("foo", is_deprecated=is_deprecated), make_wiki_page("foo")
    request = make_request(f"{keyword} foo")
    page.delete()
    Tag.objects.filter(pk=tag.pk).update(is_deprecated=not is_deprecated)
    request.approve(make_user(Level.ADMIN))
    request.process()
    tag.refresh_from_db()
    assert (request.status, tag.is_deprecated) == ("approved", not is_deprecated)


def test_a_tag_that_exists_is_among_those_of_the_request():
    make_tag("foo")
    make_wiki_page("foo")
    request = make_request("deprecate Foo")
    assert (request.tags, request.script_dtext) == (["foo"], "deprecate [[foo]]")
    Tag.objects.all().delete()
    assert request.processor.affected_tags == []


def test_the_dry_run_counts_what_goes():
    make_tag("foo")
    make_wiki_page("foo")
    make_alias("old", "foo")
    make_implication("foo", "up")
    (command,) = make_request("deprecate foo").processor.commands
    assert command.touched_records() == {"tags": 1, "aliases": 1, "implications": 1}
    make_tag("bar", is_deprecated=True)
    (command,) = make_request("undeprecate bar").processor.commands
    assert command.touched_records() == {"tags": 1}
