import pytest
from django.core.exceptions import ValidationError

from booru.models import Level, ModAction, TagAlias
from booru.models.tag_relationships.tag_relationship import ValidationContext
from tests.support.tag_factories import apply_script, make_alias, make_request, make_user

pytestmark = pytest.mark.django_db


def active():
    return {str(alias) for alias in TagAlias.objects.active()}


@pytest.mark.parametrize("status", ["deleted", "retired"])
def test_an_alias_that_does_not_exist_is_not_removed(status):
    make_alias("foo", "bar", status=status)
    make_alias("foo", "other")
    with pytest.raises(ValidationError) as error:
        make_request("remove alias foo -> bar")
    assert error.value.messages == ["Can't remove alias [[foo]] -> [[bar]] (alias doesn't exist)"]


def test_it_marks_the_alias_deleted():
    alias = make_alias("foo", "bar")
    request = apply_script("remove alias foo -> bar")
    alias.refresh_from_db()
    assert (alias.status, alias.removed_by_request) == ("deleted", request)
    assert not ModAction.objects.exists()


def test_an_alias_can_be_made_and_removed_at_once():
    apply_script("create alias foo -> bar\nremove alias foo -> bar")
    assert TagAlias.objects.get().status == "deleted"


def test_later_lines_see_it_gone_at_approval_too():
    make_alias("a", "b")
    request = make_request("unalias a -> b\nalias c -> a")
    assert request.processor.errors(ValidationContext.APPROVAL) == []
    request.approve(make_user(Level.ADMIN))
    request.process()
    assert active() == {"c -> a"}


def test_at_approval_one_that_is_gone_already_does_no_harm():
    alias = make_alias("a", "b")
    request = make_request("unalias a -> b")
    alias.delete()
    request.approve(make_user(Level.ADMIN))
    request.process()
    assert request.status == "approved"


def test_a_check_removes_nothing():
    make_alias("a", "b")
    make_request("unalias a -> b")
    assert active() == {"a -> b"}


def test_the_dry_run_counts_the_alias():
    make_alias("a", "b")
    (command,) = make_request("unalias a -> b").processor.commands
    assert (command.touched_records(), command.planned_edits()) == ({"aliases": 1}, [])
    TagAlias.objects.all().delete()
    assert command.touched_records() == {}
