import pytest
from django.core.exceptions import ValidationError

from booru.models import Level
from booru.services.accounts.user_settings import change_settings
from tests.support.factories import UserFactory

pytestmark = pytest.mark.django_db


def refusal(user, **wanted):
    with pytest.raises(ValidationError) as caught:
        change_settings(user, **wanted)
    user.refresh_from_db()
    return caught.value.message_dict


def test_new_users_have_danboorus_defaults():
    user = UserFactory()
    assert (user.per_page, user.theme, user.comment_threshold, user.default_image_size) == (
        20,
        "auto",
        -8,
        "large",
    )
    assert user.time_zone == "Eastern Time (US & Canada)"
    assert user.blacklisted_tags == "guro\nscat\nfurry -rating:g"
    assert user.new_post_navigation_layout
    off = (
        *(
            "receive_email_notifications",
            "enable_private_favorites",
            "show_deleted_children",
            "show_deleted_posts",
        ),
        *("disable_categorized_saved_searches", "disable_tagged_filenames", "disable_mobile_gestures"),
        *("enable_safe_mode", "enable_desktop_mode", "disable_post_tooltips", "requires_verification"),
        *("is_banned", "is_verified"),
    )
    assert not any(getattr(user, name) for name in off)


def test_only_what_is_given_is_changed():
    user = UserFactory()
    change_settings(user, per_page=50, theme="dark")
    user.refresh_from_db()
    assert (user.per_page, user.theme, user.show_deleted_posts) == (50, "dark", False)


def test_nothing_is_saved_unless_all_of_it_is_right():
    user = UserFactory()
    errors = refusal(user, per_page=0, theme="pink", time_zone="Mars", show_deleted_posts=True)
    assert errors == {name: ["is not included in the list"] for name in ("per_page", "theme", "time_zone")}
    assert not user.show_deleted_posts


@pytest.mark.parametrize(
    ("number", "allowed"), [(0, False), (1, True), (1000, True), (1001, False), (-1, False)]
)
def test_posts_per_page_have_bounds(number, allowed):
    user = UserFactory()
    if allowed:
        change_settings(user, per_page=number)
        assert user.per_page == number
    else:
        assert refusal(user, per_page=number) == {"per_page": ["is not included in the list"]}


def test_posts_per_page_are_a_number():
    assert refusal(UserFactory(), per_page=None) == {"per_page": ["is not a number"]}


def test_tag_lists_are_saved_line_by_line_and_have_limits():
    user = UserFactory()
    change_settings(user, blacklisted_tags=" a \r\n b ", favorite_tags="touhou\r\n  solo ")
    user.refresh_from_db()
    assert (user.blacklisted_tags, user.favorite_tags) == ("a\nb", "touhou\nsolo")
    errors = refusal(user, blacklisted_tags="x" * 100_001, favorite_tags="x " * 1001)
    assert errors == {
        "blacklisted_tags": ["is too long (maximum is 100000 characters)"],
        "favorite_tags": ["can't have more than 1000 words"],
    }
    change_settings(user, blacklisted_tags="")
    assert user.blacklisted_tags == ""


def test_private_favorites_are_switched_on_by_gold_users():
    message = {"__all__": ["Can't enable privacy mode without a Gold account"]}
    user = UserFactory(level=Level.MEMBER)
    assert refusal(user, enable_private_favorites=True) == message
    change_settings(user, enable_private_favorites=False)
    gold = UserFactory(level=Level.GOLD)
    change_settings(gold, enable_private_favorites=True)
    gold.refresh_from_db()
    assert gold.enable_private_favorites


def test_who_was_gold_keeps_favorites_private_until_they_are_switched_off():
    user = UserFactory(level=Level.MEMBER, enable_private_favorites=True)
    change_settings(user, enable_private_favorites=True, per_page=30)
    change_settings(user, enable_private_favorites=False)
    assert refusal(user, enable_private_favorites=True)
