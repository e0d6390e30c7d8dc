import pytest
from django.core.exceptions import NON_FIELD_ERRORS, ValidationError

from booru.models import TagImplication
from tests.tag_factories import make_alias, make_implication, make_user

pytestmark = pytest.mark.django_db


def errors_of(old, new):
    with pytest.raises(ValidationError) as error:
        TagImplication(antecedent_name=old, consequent_name=new, creator=make_user()).validate()
    return error.value.message_dict


def test_a_tag_cannot_imply_itself():
    assert errors_of("a", "a") == {NON_FIELD_ERRORS: ["Cannot alias or implicate a tag to itself"]}


def test_an_implication_exists_once():
    make_implication("a", "b")
    assert errors_of("a", "b") == {"antecedent_name": ["Implication already exists"]}


def test_no_circles():
    make_implication("a", "b")
    make_implication("b", "c")
    assert errors_of("c", "a")[NON_FIELD_ERRORS] == [
        "Tag implication can not create a circular relation with another tag implication"
    ]


def test_no_implication_that_follows_from_others():
    make_implication("a", "b")
    make_implication("b", "c")
    assert errors_of("a", "c") == {NON_FIELD_ERRORS: ["a already implies c through another implication"]}


def test_aliased_tags_imply_nothing():
    make_alias("aaa", "a")
    make_alias("bbb", "b")
    assert errors_of("aaa", "bbb") == {
        NON_FIELD_ERRORS: [
            "Antecedent tag must not be aliased to another tag",
            "Consequent tag must not be aliased to another tag",
        ]
    }


def test_a_deleted_implication_is_not_held_against_any_rule():
    make_implication("a", "b")
    make_implication("b", "a", status="deleted").validate()


def test_implications_are_followed_to_the_end():
    for pair in ("a b", "b c", "c d", "b b1", "c c1"):
        make_implication(*pair.split())
    make_implication("d", "e", status="deleted")
    implied = {name: TagImplication.objects.implied_by([name]) for name in "abcd"}
    assert implied == {
        "a": {"b", "b1", "c", "c1", "d"},
        "b": {"b1", "c", "c1", "d"},
        "c": {"c1", "d"},
        "d": set(),
    }
    assert TagImplication.objects.implied_to(["c1"]) == {"a", "b", "c"}
