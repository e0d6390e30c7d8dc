import pytest
from django.core.exceptions import ValidationError

from booru.models import Level, ModAction, TagImplication
from tests.support.tag_factories import apply_script, make_implication, make_post, make_request, make_user

pytestmark = pytest.mark.django_db


def test_an_implication_that_does_not_exist_is_not_removed():
    make_implication("foo", "bar", status="deleted")
    with pytest.raises(ValidationError) as error:
        make_request("remove implication foo -> bar")
    assert error.value.messages == ["Can't remove implication [[foo]] -> [[bar]] (implication doesn't exist)"]


def test_it_marks_the_implication_deleted_and_leaves_posts_alone():
    implication, post = make_implication("foo", "bar"), make_post("foo")
    request = apply_script("unimply foo -> bar")
    implication.refresh_from_db()
    post.refresh_from_db()
    assert (implication.status, implication.removed_by_request) == ("deleted", request)
    assert post.tag_string == "bar foo"
    assert not ModAction.objects.exists()


def test_an_implication_can_be_made_and_removed_at_once():
    request = apply_script("imply foo -> bar\nunimply foo -> bar")
    assert TagImplication.objects.get().status == "deleted"
    assert request.status == "approved"


def test_at_approval_one_that_is_gone_already_does_no_harm():
    implication = make_implication("a", "b")
    request = make_request("unimply a -> b")
    implication.delete()
    request.approve(make_user(Level.ADMIN))
    request.process()
    assert request.status == "approved"


def test_the_dry_run_counts_the_implication():
    make_implication("a", "b")
    (command,) = make_request("unimply a -> b").processor.commands
    assert (command.touched_records(), command.planned_edits()) == ({"implications": 1}, [])
