import pytest
from django.core.exceptions import ValidationError

from booru.models import Artist, Credit, Level, Tag
from booru.models.tags.tag import TagCategory
from booru.models.tags.tag_abbreviations import tags_abbreviated
from jobs.engine.testing import assert_enqueued, assert_no_enqueued, enqueued_jobs
from jobs.tags import UpdateTagCategoryPostCountsJob
from tests.support.tag_factories import make_alias, make_tag, make_user

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
    assert tags_abbreviated(["/hr", "/zz", "/%", "/", "hr"]) == {"/hr": "hair_ribbon"}


def test_a_tag_with_an_artist_entry_stays_an_artist():
    tag = make_tag("bkub", TagCategory.ARTIST)
    Artist.objects.create(name="bkub", is_deleted=True)
    admin = make_user(Level.ADMIN)
    assert not tag.can_be_recategorised_by(admin)
    assert Tag.objects.find_or_create("bkub", TagCategory.META, admin).category == TagCategory.ARTIST
    assert tag.category_errors(TagCategory.META) == ["Artist tags must be in the Artist category"]
    assert tag.category_errors(TagCategory.ARTIST) == []


def test_a_tag_with_an_artist_entry_can_become_an_artist():
    make_tag("bkub")
    Artist.objects.create(name="bkub")
    tag = Tag.objects.find_or_create("bkub", TagCategory.ARTIST, make_user())
    assert tag.category == TagCategory.ARTIST


def test_a_change_that_a_rule_forbids_changes_nothing():
    old, tag = make_tag("old", TagCategory.ARTIST), make_tag("next", TagCategory.ARTIST)
    make_alias("old", "next")
    Artist.objects.create(name="old")
    with pytest.raises(ValidationError, match="Artist tags must be in the Artist category"):
        tag.update(Credit(make_user()), category=TagCategory.META)
    for one in (old, tag):
        one.refresh_from_db()
        assert one.category == TagCategory.ARTIST
        assert not one.versions.exists()
    assert Tag.objects.find_or_create("next", TagCategory.META, make_user()).category == TagCategory.ARTIST


def test_a_job_counts_the_posts_of_a_tag_in_another_category():
    tag = make_tag("foo", post_count=3)
    make_tag("old", post_count=1)
    make_tag("older")
    make_alias("old", "foo")
    make_alias("older", "foo")
    tag.update(Credit(make_user()), category=TagCategory.META)
    assert_enqueued(UpdateTagCategoryPostCountsJob, tag)
    assert_enqueued(UpdateTagCategoryPostCountsJob, Tag.objects.named("old"))
    assert len(enqueued_jobs()) == 2


@pytest.mark.parametrize("change", [{"category": TagCategory.GENERAL}, {"is_deprecated": True}])
def test_no_job_is_needed_when_the_category_stays(change):
    make_tag("foo", post_count=3).update(Credit(make_user()), **change)
    assert_no_enqueued()
