import pytest
from django.core.exceptions import NON_FIELD_ERRORS, ValidationError

from booru.models import TagImplication
from booru.models.tag_relationships.tag_relationship import ValidationContext
from booru.models.tags.tag import TagCategory
from tests.support.tag_factories import (
    make_alias,
    make_implication,
    make_post,
    make_tag,
    make_user,
    make_wiki_page,
)

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


def requested(old, new):
    implication = TagImplication(antecedent_name=old, consequent_name=new, creator=make_user())
    try:
        implication.validate(ValidationContext.REQUEST)
    except ValidationError as error:
        return error.messages
    return []


def make_documented_tag(name, *args, **fields):
    make_wiki_page(name)
    return make_tag(name, *args, **fields)


def test_tags_of_two_kinds_are_not_requested():
    make_documented_tag("hatsune_miku", TagCategory.CHARACTER, 100)
    make_documented_tag("vocaloid", TagCategory.COPYRIGHT, 100)
    assert requested("hatsune_miku", "vocaloid") == ["Can't imply a character tag to a copyright tag"]


def test_the_kind_of_an_empty_tag_does_not_matter():
    make_documented_tag("hatsune_miku", TagCategory.CHARACTER, 100)
    make_tag("vocaloid", TagCategory.COPYRIGHT, -1)
    assert requested("hatsune_miku", "vocaloid") == []
    assert requested("vocaloid", "hatsune_miku") == []


@pytest.mark.parametrize(
    ("posts", "of", "problem"),
    [
        (9, 50, "[[a]] must have at least 10 posts"),
        (9, 900_000, "[[a]] must have at least 10 posts"),
        (10, 100_000, None),
        (10, 100_001, "[[a]] must have at least 11 posts"),
        (20, 202_174, "[[a]] must have at least 21 posts"),
        (21, 202_174, None),
    ],
)
def test_a_general_tag_must_be_large_enough(posts, of, problem):
    make_documented_tag("a", post_count=posts)
    make_documented_tag("b", post_count=of)
    assert requested("a", "b") == ([problem] if problem else [])


def test_tags_of_other_kinds_may_be_small():
    make_documented_tag("a", TagCategory.CHARACTER, 1)
    make_documented_tag("b", TagCategory.CHARACTER, 100_000)
    assert requested("a", "b") == []


def test_a_general_tag_must_not_be_nearly_the_same_as_the_other():
    poster = make_user()
    for number in range(20):
        make_post("a b" if number < 18 else "b", poster)
    make_wiki_page("a")
    make_wiki_page("b")
    assert requested("a", "b") == []
    make_post("a", poster)
    assert requested("a", "b") == ["[[a]] can't make up more than 90% of [[b]]"]


def test_tags_on_posts_must_be_explained():
    make_tag("a", post_count=50)
    make_tag("b", post_count=60)
    assert requested("a", "b") == ["[[a]] must have a wiki page", "[[b]] must have a wiki page"]
    make_wiki_page("a", is_deleted=True)
    assert requested("a", "b") == ["[[b]] must have a wiki page"]
    assert requested("a", "unused") == []


def test_what_only_a_request_must_keep_is_told_last_and_in_order():
    make_tag("a", post_count=9)
    make_tag("b", TagCategory.META, post_count=100)
    make_alias("a", "x")
    assert requested("a", "b") == [
        "Antecedent tag must not be aliased to another tag",
        "Can't imply a general tag to a meta tag",
        "[[a]] must have at least 10 posts",
        "[[a]] must have a wiki page",
        "[[b]] must have a wiki page",
    ]


@pytest.mark.parametrize("context", [ValidationContext.ORDINARY, ValidationContext.APPROVAL])
def test_other_occasions_ask_for_no_size_and_no_wiki_page(context):
    make_tag("a", post_count=1)
    make_tag("b", TagCategory.META, post_count=100)
    TagImplication(antecedent_name="a", consequent_name="b", creator=make_user()).validate(context)


def test_on_approval_an_implication_that_exists_is_no_obstacle():
    make_implication("a", "b")
    assert requested("a", "b") == ["Implication already exists"]
    TagImplication(antecedent_name="a", consequent_name="b", creator=make_user()).validate(
        ValidationContext.APPROVAL
    )
