import pytest
from django.core.exceptions import NON_FIELD_ERRORS, ValidationError

from booru.models import Tag, TagAlias
from booru.models.tag_relationships.tag_relationship import TagRelationship, ValidationContext
from tests.support.tag_factories import make_alias, make_implication, make_tag, make_user

pytestmark = pytest.mark.django_db


def errors_of(old, new, context=ValidationContext.ORDINARY, **fields):
    alias = TagAlias(antecedent_name=old, consequent_name=new, creator=make_user(), **fields)
    with pytest.raises(ValidationError) as error:
        alias.validate(context)
    return error.value.message_dict


def test_names_are_normalised_and_tags_are_made():
    alias = TagAlias.objects.create_valid(" FOO BAR ", "Baz", creator=make_user())
    assert str(alias) == "foo_bar -> baz"
    assert set(Tag.objects.values_list("name", flat=True)) == {"foo_bar", "baz"}


@pytest.mark.parametrize("status", ["ACTIVE", "derp"])
def test_the_status_must_be_known(status):
    assert errors_of("a", "b", status=status) == {"status": ["is not included in the list"]}


def test_who_approved_it_and_where_must_exist():
    problems = errors_of("a", "b", approver_id=-1, forum_topic_id=-1)
    assert problems == {"approver": ["must exist"], "forum_topic": ["must exist"]}


def test_names_must_be_good_names():
    assert errors_of("tag", "tag_") == {"consequent_name": ["'tag_' cannot end with an underscore"]}


def test_a_tag_cannot_be_its_own_alias():
    assert errors_of("a", "a") == {NON_FIELD_ERRORS: ["Cannot alias or implicate a tag to itself"]}


def test_only_one_active_alias_per_tag():
    for status in ("active", "retired", "deleted"):
        make_alias("aaa", "bbb", status=status)
    last = make_alias("aaa", "bbb", status="deleted")
    last.validate()
    last.status = TagRelationship.Status.ACTIVE
    with pytest.raises(ValidationError) as error:
        last.validate()
    assert error.value.message_dict == {"antecedent_name": ["has already been taken"]}


def test_on_approval_an_alias_that_exists_is_no_obstacle():
    make_alias("aaa", "bbb")
    assert "antecedent_name" in errors_of("aaa", "bbb", ValidationContext.REQUEST)
    TagAlias(antecedent_name="aaa", consequent_name="bbb", creator=make_user()).validate(
        ValidationContext.APPROVAL
    )


def test_no_alias_to_an_alias():
    make_alias("bbb", "ccc")
    assert errors_of("aaa", "bbb") == {NON_FIELD_ERRORS: ["bbb is already aliased to ccc"]}


def test_an_alias_may_be_reversed():
    before = make_alias("a", "b")
    TagAlias.objects.create_valid("b", "a", creator=make_user())
    before.refresh_from_db()
    assert before.status == "deleted"


def test_an_alias_replaces_the_implications_between_its_tags():
    implications = [make_implication("x", "y"), make_implication("y", "x"), make_implication("x", "z")]
    TagAlias.objects.create_valid("x", "y", creator=make_user())
    for implication in implications:
        implication.refresh_from_db()
    assert [implication.status for implication in implications] == ["deleted", "deleted", "active"]


def test_an_active_alias_is_found_instead_of_made_again():
    make_alias("a", "b", status="deleted")
    first = TagAlias.objects.find_or_create_active("a", "b", approver=make_user())
    assert TagAlias.objects.find_or_create_active("a", "b", approver=make_user()) == first
    assert TagAlias.objects.count() == 2


def test_names_are_replaced_in_place():
    make_alias("aaa", "bbb")
    make_alias("ccc", "ddd", status="deleted")
    assert TagAlias.objects.to_aliased(["x", "aaa", "ccc", "aaa"]) == ["x", "bbb", "ccc", "bbb"]


def test_abbreviations_are_replaced():
    make_tag("hair_ribbon", post_count=300_000)
    make_tag("hakurei_reimu", post_count=50_000)
    make_tag("kirisama_marisa", post_count=50_000)
    make_tag("kaname_madoka", post_count=20_000)
    assert TagAlias.objects.to_aliased(["/hr", "/km", "/zz"]) == ["hair_ribbon", "kirisama_marisa", "/zz"]
