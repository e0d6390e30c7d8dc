import pytest

from booru.bulk_update.processor import Processor
from booru.models import BulkUpdateRequest, Level, TagAlias
from booru.models.tags.tag import TagCategory
from tests.support.tag_factories import apply_script, make_post, make_tag, make_user

pytestmark = pytest.mark.django_db


def processor(script):
    return Processor(BulkUpdateRequest(script=script))


def test_short_forms_are_shown_as_long_ones():
    script = (
        "ALIAS A -> b\nimply c -> d\nunalias e -> f\nunimply g -> h\ncategory i -> Meta\ndeprecate j\nwhat?"
    )
    assert processor(script).dtext.splitlines() == [
        "create alias [[a]] -> [[b]]",
        "create implication [[c]] -> [[d]]",
        "remove alias [[e]] -> [[f]]",
        "remove implication [[g]] -> [[h]]",
        "category [[i]] -> meta",
        "deprecate [[j]]",
        "what?",
    ]


def test_the_tags_of_a_script_are_sorted_and_unique():
    script = "alias c -> a\nimply a -> b\ncategory iii -> meta\nfoo"
    assert processor(script).affected_tags == ["a", "b", "c", "iii"]


def test_one_admin_line_makes_it_a_matter_for_admins():
    make_tag("old", TagCategory.ARTIST)
    assert processor("alias old -> next").approval_level == Level.BUILDER
    assert processor("alias old -> new\nfoo").approval_level == Level.ADMIN


def test_lines_are_applied_in_their_order():
    post = make_post("a")
    apply_script("alias a -> b\nalias b -> c")
    post.refresh_from_db()
    assert post.tag_string == "c"
    assert {str(alias) for alias in TagAlias.objects.active()} == {"a -> c", "b -> c"}


def test_the_request_that_is_applied_keeps_its_user():
    user = make_user()
    bur = BulkUpdateRequest.objects.request(user=user, script="alias a -> b", title="t", reason="r")
    assert bur.user == user
