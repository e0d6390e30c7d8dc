import pytest

from booru.models import Credit, Tag
from booru.models.tags.tag import TagCategory
from tests.support.at_once import at_once
from tests.support.tag_factories import make_alias, make_tag, make_user

pytestmark = pytest.mark.django_db(transaction=True)


def test_a_tag_that_several_people_make_at_once_is_made_once():
    found = []
    tasks = [lambda: found.append(Tag.objects.find_or_create("foo_(cosplay)").pk) for _ in range(4)]
    assert at_once(*tasks) == [None] * 4
    assert found == [Tag.objects.get(name="foo_(cosplay)").pk] * 4
    assert Tag.objects.get(name="foo").category == TagCategory.CHARACTER


def test_changes_at_the_same_time_are_versions_one_after_the_other():
    user, tag = make_user(), make_tag("foo")
    make_tag("old")
    make_alias("old", "foo")
    categories = [TagCategory.ARTIST, TagCategory.META, TagCategory.CHARACTER]
    changes = [
        lambda category=category: Tag.objects.get(pk=tag.pk).update(Credit(user), category=category)
        for category in categories
    ]
    assert at_once(*changes) == [None] * 3
    tag.refresh_from_db()
    versions = tag.versions.order_by("version").values_list("version", "category")
    assert [number for number, _ in versions] == [1, 2, 3, 4]
    assert {category for _, category in versions} == {0, *categories}
    assert versions[3][1] == tag.category == Tag.objects.named("old").category
