import pytest
from django.core.exceptions import ValidationError

from booru.models import BulkUpdateRequest, ForumTopic, Tag, TagAlias
from tests.support.tag_factories import make_alias, make_request

pytestmark = pytest.mark.django_db


def errors_of(script):
    with pytest.raises(ValidationError) as error:
        make_request(script)
    assert not BulkUpdateRequest.objects.exists()
    assert not ForumTopic.objects.exists()
    return error.value.messages


def test_a_line_that_is_no_command_is_shown():
    script = "create alias aaa -> bbb\ncreate alias bbb > 111\ncreate alias ccc -> 222"
    assert errors_of(script) == ["Invalid line: create alias bbb > 111"]


def test_a_script_has_at_most_100_lines():
    too_long = (
        "Bulk update request is too long (maximum size: 100 lines). "
        "Split your request into smaller chunks and try again."
    )
    assert errors_of("nuke touhou\n" * 200) == [too_long]
    assert errors_of("\n".join(f"alias a{n} -> b{n}" for n in range(101))) == [too_long]


def test_100_lines_are_fine():
    make_request("\n".join(f"alias a{n} -> b{n}" for n in range(100)))


def test_a_line_stands_only_once_however_it_is_written():
    script = "alias a -> b\nCREATE alias A -> b\nfoo\nfoo\nalias x -> x"
    assert errors_of(script) == [
        "Duplicate line found: create alias [[a]] -> [[b]]",
        "Duplicate line found: foo",
    ]


def test_all_lines_are_checked():
    make_alias("bbb", "ccc")
    assert errors_of("alias aaa -> bbb\nfoo\nalias x -> x") == [
        "Can't create alias [[aaa]] -> [[bbb]] (bbb is already aliased to ccc)",
        "Invalid line: foo",
        "Can't create alias [[x]] -> [[x]] (Cannot alias or implicate a tag to itself)",
    ]


def test_later_lines_see_earlier_ones():
    assert errors_of("alias b -> c\nalias a -> b") == [
        "Can't create alias [[a]] -> [[b]] (b is already aliased to c)"
    ]
    make_request("alias a -> b\nalias b -> c")


def test_a_check_leaves_nothing_behind():
    before = make_alias("bbb", "aaa")
    make_request("alias aaa -> bbb\nalias ccc -> ddd")
    assert list(TagAlias.objects.active()) == [before]
    assert not Tag.objects.exists()
