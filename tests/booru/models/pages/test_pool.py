import pytest
from django.core.exceptions import ValidationError

from booru.models import Credit, Level, Pool, User
from tests.support.tag_factories import make_post, make_user

pytestmark = pytest.mark.django_db


@pytest.fixture
def credit():
    return Credit(make_user())


def problems(**fields: object) -> dict[str, list[str]]:
    with pytest.raises(ValidationError) as error:
        Pool.objects.make(Credit(make_user()), **{"name": "cute pool", **fields})
    return error.value.message_dict


def test_a_pool_is_found_by_id_and_by_name(credit):
    pool = Pool.objects.make(credit, name=" Cute  ÉCLAIR pool_")
    assert pool.name == "Cute_ÉCLAIR_pool"
    assert Pool.objects.find(str(pool.pk)) == pool
    assert Pool.objects.find("cute éclair_POOL") == pool
    assert Pool.objects.find("cute") is None
    assert Pool.objects.find("9" * 30) is None


@pytest.mark.parametrize(
    ("name", "message"),
    [
        ("__", "can't be blank"),
        ("ab", "is too short (minimum is 3 characters)"),
        ("x" * 171, "is too long (maximum is 170 characters)"),
        ("Series", "cannot be any of the following names: none, any, series, collection"),
        ("a, b", "cannot contain commas"),
        ("a*b", "cannot contain asterisks"),
        ("a\u0007b", "cannot contain non-printable characters"),
        ("1234", "cannot contain only digits"),
    ],
)
def test_a_name_has_rules(name, message):
    assert problems(name=name) == {"name": [message]}


def test_a_name_is_there_once_whatever_its_capitals(credit):
    Pool.objects.make(credit, name="Cute pool")
    assert problems(name="cute_POOL") == {"name": ["has already been taken"]}


def test_a_pool_may_change_the_capitals_of_its_name(credit):
    pool = Pool.objects.make(credit, name="cute pool")
    pool.update(credit, name="Cute Pool")
    assert pool.name == "Cute_Pool"


def test_a_pool_has_limits():
    assert problems(description="x" * 20_001) == {
        "description": ["is too long (maximum is 20000 characters)"]
    }
    assert problems(category="sequence") == {"category": ["is not included in the list"]}
    assert problems(post_ids=[12345]) == {"post_ids": ["can't include posts that don't exist: 12345"]}


def test_each_post_is_in_a_pool_once_in_the_order_given(credit):
    one, two = make_post("a"), make_post("b")
    pool = Pool.objects.make(credit, name="cute pool", post_ids=[two.pk, one.pk, two.pk])
    assert pool.post_ids == [two.pk, one.pk]
    pool.remove_posts(credit, [two.pk])
    pool.add_posts(credit, [one.pk, two.pk])
    assert pool.post_ids == [one.pk, two.pk]


def test_a_deleted_pool_is_changed_by_builders_alone(credit):
    pool = Pool.objects.make(credit, name="cute pool", is_deleted=True)
    banned = make_user(Level.BUILDER, is_banned=True)
    for user in (credit.user, banned):
        with pytest.raises(ValidationError) as error:
            pool.update(Credit(user), description="no")
        assert error.value.messages == ["You cannot update pools that are deleted"]
    pool.update(Credit(make_user(Level.BUILDER)), description="yes")
    pool.update(Credit(User.objects.system()), is_deleted=False)
    pool.refresh_from_db()
    assert (pool.description, pool.is_deleted) == ("yes", False)


def test_links_in_descriptions_follow_a_tag_even_where_a_rule_is_broken(credit):
    pool = Pool.objects.make(credit, name="cute pool", description="[[aaa]]", is_deleted=True)
    Pool.objects.filter(pk=pool.pk).update(description="[[aaa]]" + "x" * 20_000)
    Pool.objects.rewrite_links("aaa", "bbb", credit)
    pool.refresh_from_db()
    assert pool.description.startswith("[[bbb]]x")
    assert pool.linked_titles == ["bbb"]
