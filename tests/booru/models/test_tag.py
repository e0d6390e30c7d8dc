import pytest
from django.core.exceptions import ValidationError

from booru.models import Level, Tag
from booru.models.tag import TagCategory
from tests.tag_factories import make_alias, make_tag, make_user

pytestmark = pytest.mark.django_db


def test_a_missing_tag_is_made_with_its_words():
    tag = Tag.objects.find_or_create(" Hair Ribbon ", TagCategory.ARTIST)
    assert (tag.name, tag.category, tag.post_count, tag.words) == ("hair_ribbon", 1, 0, ["hair", "ribbon"])


def test_an_existing_tag_is_found():
    tag = make_tag("foo", TagCategory.META)
    assert Tag.objects.find_or_create("FOO", TagCategory.ARTIST) == tag
    tag.refresh_from_db()
    assert tag.category == TagCategory.META


def test_a_bad_name_makes_no_tag():
    with pytest.raises(ValidationError) as error:
        Tag.objects.find_or_create("tag_")
    assert error.value.messages == ["'tag_' cannot end with an underscore"]
    assert not Tag.objects.exists()


@pytest.mark.parametrize(
    ("level", "post_count", "may"),
    [
        (Level.MEMBER, 49, True),
        (Level.MEMBER, 50, False),
        (Level.BUILDER, 999, True),
        (Level.BUILDER, 1000, False),
        (Level.ADMIN, 1_000_000, True),
    ],
)
def test_who_may_change_a_category(level, post_count, may):
    make_tag("foo", post_count=post_count)
    tag = Tag.objects.find_or_create("foo", TagCategory.ARTIST, make_user(level))
    assert tag.category == (TagCategory.ARTIST if may else TagCategory.GENERAL)


def test_a_new_cosplay_tag_makes_its_character():
    Tag.objects.find_or_create("miku_(cosplay)", user=make_user())
    assert Tag.objects.named("miku").category == TagCategory.CHARACTER


def test_a_cosplay_tag_of_something_else_is_refused():
    make_tag("sky", post_count=3)
    assert Tag.objects.name_errors("sky_(cosplay)") == [
        "'sky_(cosplay)' is not allowed because 'sky' is not a character tag"
    ]


def test_the_category_of_an_aliased_tag_follows_its_target():
    make_tag("old")
    make_tag("next", TagCategory.ARTIST)
    make_alias("old", "next")
    tag = Tag.objects.named("old")
    assert tag.category_errors(TagCategory.ARTIST) == []
    assert tag.category_errors(TagCategory.META) == ["Can't change the category of an aliased tag"]
    assert tag.category_errors(2) == ["Category is not included in the list"]


def test_categories_have_short_words():
    words = ["Gen", "art", "co", "CHAR", "5", "pool"]
    assert [TagCategory.from_word(word) for word in words] == [0, 1, 3, 4, 5, None]


def test_the_most_used_tag_answers_to_an_abbreviation():
    make_tag("hair_ribbon", post_count=300)
    make_tag("hakurei_reimu", post_count=50)
    make_tag("hand_raised_high", post_count=999)
    make_tag("hidden_rule", post_count=0)
    assert Tag.objects.abbreviated("hr").name == "hair_ribbon"
    assert Tag.objects.abbreviated("zz") is None
    assert Tag.objects.abbreviated("%") is None
