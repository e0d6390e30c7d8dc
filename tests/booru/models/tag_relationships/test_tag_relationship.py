import pytest

from booru.models import Credit, Level, ModAction, Tag, TagAlias, TagImplication, User
from tests.support.tag_factories import make_alias, make_implication, make_request, make_tag, make_user

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("make", "category", "kind"),
    [(make_alias, 122, "tag alias"), (make_implication, 142, "tag implication")],
)
def test_who_rejects_one_is_recorded(make, category, kind):
    admin, relationship = make_user(Level.ADMIN), make("aaa", "bbb")
    relationship.reject(Credit(admin))
    relationship.refresh_from_db()
    assert (relationship.status, relationship.removed_by_request) == ("deleted", None)
    action = ModAction.objects.get()
    assert (action.creator, action.category) == (admin, category)
    assert action.description == f"deleted {kind} aaa -> bbb"
    assert (action.subject_type, action.subject_id) == (type(relationship).__name__, relationship.pk)


def test_what_a_request_removes_is_no_mod_action():
    alias, request = make_alias("aaa", "bbb"), make_request("unalias aaa -> bbb")
    alias.reject(Credit(User.objects.system(), request))
    alias.refresh_from_db()
    assert (alias.status, alias.removed_by_request) == ("deleted", request)
    assert not ModAction.objects.exists()


def test_rejecting_is_never_forbidden():
    # An alias of an alias, and to itself: no rule would let it pass.
    alias = make_alias("aaa", "aaa")
    alias.reject(Credit(make_user()))
    assert alias.status == "deleted"


def test_what_stands_in_the_way_of_a_request_is_removed_by_it():
    request = make_request("alias a -> b")
    before = [make_alias("b", "a"), make_implication("a", "b")]
    made = TagAlias.objects.find_or_create_active("a", "b", approver=make_user(), bulk_update_request=request)
    for relationship in before:
        relationship.refresh_from_db()
        assert (relationship.status, relationship.removed_by_request) == ("deleted", request)
    assert made.created_by_request == request
    assert not ModAction.objects.exists()


def test_one_that_is_there_already_was_not_made_by_the_request():
    request, there = make_request("imply a -> b"), make_implication("a", "b")
    options = {"approver": make_user(), "bulk_update_request": request}
    assert TagImplication.objects.find_or_create_active("a", "b", **options) == there
    there.refresh_from_db()
    assert there.created_by_request is None


def test_a_cosplay_tag_brings_its_character():
    make_tag("miku")
    TagImplication.objects.create_valid("miku_(cosplay)", "cosplay", creator=make_user())
    assert set(Tag.objects.values_list("name", "category")) == {
        ("miku", 4),
        ("miku_(cosplay)", 0),
        ("cosplay", 0),
    }


def test_the_categories_of_mod_actions_are_danboorus():
    assert (TagAlias.deletion_category, TagImplication.deletion_category) == (122, 142)
