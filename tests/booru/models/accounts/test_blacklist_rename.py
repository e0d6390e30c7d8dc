import pytest

from booru.models import User
from tests.support.tag_factories import make_user

pytestmark = pytest.mark.django_db


def rewritten(blacklist: str) -> str:
    user = make_user(blacklisted_tags=blacklist)
    User.objects.rename_blacklisted_tag("old", "new")
    user.refresh_from_db()
    return user.blacklisted_tags


@pytest.mark.parametrize(
    ("blacklist", "expected"),
    [
        ("old", "new"),
        ("guro\nold\nfurry -rating:g", "guro\nnew\nfurry -rating:g"),
        ("one -OLD \r\n ~old two", "one -new\n~new two"),
        ("old old", "new new"),
        ("older\nold_one", "older\nold_one"),
        ("a (b ~old)\n-(old c)", "a (b ~new)\n-(new c)"),
        ("old_(a)\nxold", "old_(a)\nxold"),
    ],
)
def test_a_blacklist_names_the_tag_by_its_new_name(blacklist, expected):
    assert rewritten(blacklist) == expected


def test_a_blacklist_that_breaks_the_limit_is_rewritten_too():
    lines = [f"tag{number}" for number in range(5001)]
    assert rewritten("\n".join([*lines, "old"])).endswith("\nnew")
    assert rewritten("x" * 100_001 + "\nold").endswith("\nnew")


def test_a_blacklist_without_the_tag_is_left_alone():
    user = make_user(blacklisted_tags=" guro ")
    User.objects.rename_blacklisted_tag("old", "new")
    user.refresh_from_db()
    assert user.blacklisted_tags == " guro "
