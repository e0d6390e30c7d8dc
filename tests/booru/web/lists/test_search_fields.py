"""Every kind of search field, tried on real rows."""

from datetime import datetime, timedelta

import pytest
from django.utils import timezone

from booru.models import BulkUpdateRequest, ForumPost, ForumTopic, Level, Tag, User, WikiPage
from booru.models.tags.tag import TagCategory
from booru.web.bulk_update_requests.searches import search_bulk_update_requests
from booru.web.http.errors import Unprocessable
from booru.web.lists.search import Search
from booru.web.lists.search_fields import (
    array,
    booleans,
    dates,
    enumeration,
    exists_by_name,
    numbers,
    related,
    strings,
    texts,
    users,
)
from booru.web.lists.user_search import USER_SEARCH
from tests.support.factories import ForumTopicFactory, TagFactory, UserFactory, WikiPageFactory
from tests.support.tag_factories import make_request

pytestmark = pytest.mark.django_db

TAGS = Search[Tag](
    numbers("id", "post_count"),
    dates("created_at"),
    strings("name"),
    booleans("is_deprecated"),
    enumeration("category", TagCategory),
    array("words", "word"),
    orders={"name": ("name",)},
)


def found(search=None, records=None, **params):
    return [record.pk for record in (search or TAGS).find(records or Tag.objects.all(), params)]


@pytest.fixture
def tags():
    return [
        TagFactory(name="one", post_count=1, words=["one"]),
        TagFactory(name="Two_2", post_count=2, category=1, is_deprecated=True, words=["Two", "2"]),
        TagFactory(name="ten", post_count=10, category=4, words=[]),
    ]


def names(**params):
    return {tag.name for tag in TAGS.find(Tag.objects.all(), params)}


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("2", {"two_2"}),
        ("1,10", {"one", "ten"}),
        (">2", {"ten"}),
        (">=2", {"two_2", "ten"}),
        ("<2", {"one"}),
        ("<= 2", {"one", "two_2"}),
        ("1..2", {"one", "two_2"}),
        ("1...2", {"one"}),
        ("2..", {"two_2", "ten"}),
        ("..2", {"one", "two_2"}),
        ("any", {"one", "two_2", "ten"}),
        ("none", set()),
        ("x", set()),
        ("1,x", set()),
        ("1..x", set()),
        (">x", set()),
        ("..", set()),
        ("9" * 18, set()),
        ("<" + "9" * 18, {"one", "two_2", "ten"}),
    ],
)
def test_numbers(tags, value, expected):
    assert names(post_count=value) == expected
    assert names(post_count_eq=value) == expected


def test_numbers_in_their_other_spellings(tags):
    assert names(post_count_not="2") == {"one", "ten"}
    assert names(post_count_not_eq="1,2") == {"ten"}
    assert names(post_count_gt="2") == {"ten"}
    assert names(post_count_gteq="2") == {"two_2", "ten"}
    assert names(post_count_lt="2") == {"one"}
    assert names(post_count_lteq="2") == {"one", "two_2"}
    for name in ("post_count_not", "post_count_not_eq", "post_count_gt", "post_count_lteq"):
        assert names(**{name: "x"}) == set()


def test_dates(tags):
    start = datetime.fromisoformat("2024-02-29T10:00:05.007+00:00")
    for place, tag in enumerate(tags):
        Tag.objects.filter(pk=tag.pk).update(created_at=start + timedelta(days=place))
    assert names(created_at="2024-02-29") == {"one"}
    assert names(created_at=">2024-02-29") == {"two_2", "ten"}
    assert names(created_at=">=2024-03-01") == {"two_2", "ten"}
    assert names(created_at="<=2024-02-29") == {"one"}
    assert names(created_at="<2024-02-29") == set()
    assert names(created_at="2024-02-29..2024-03-01") == {"one", "two_2"}
    assert names(created_at="2024-02-29...2024-03-01") == {"one"}
    assert names(created_at="2024-02-29,2024-03-02") == {"one", "ten"}
    assert names(created_at="2024-02-29T10:00:05.007Z") == {"one"}
    assert names(created_at_not="2024-02-29") == {"two_2", "ten"}
    assert names(created_at="yesterday") == names(created_at_not="yesterday") == set()


def test_ages(tags):
    for age, tag in zip((1, 8, 40), tags, strict=True):
        Tag.objects.filter(pk=tag.pk).update(created_at=timezone.now() - timedelta(days=age, hours=1))
    assert names(created_at="<1w") == {"one"}
    assert names(created_at=">1w") == {"two_2", "ten"}
    assert names(created_at="2d..2w") == {"two_2"}
    assert names(created_at="1w..") == {"two_2", "ten"}
    assert names(created_at="1w") == {"two_2"}
    assert names(created_at="1mo,1d") == {"one", "ten"}
    assert names(created_at_lt="1w") == {"one"}


def test_strings(tags):
    Tag.objects.filter(name="two_2").update(name="Two_2")
    assert names(name="Two_2") == names(name_eq="Two_2") == {"Two_2"}
    assert names(name="two_2") == set()
    assert names(name_not_eq="ten") == {"one", "Two_2"}
    assert names(name_like="T*") == {"Two_2"}
    assert names(name_ilike="t*") == {"Two_2", "ten"}
    assert names(name_not_like="T*") == {"one", "ten"}
    assert names(name_not_ilike="t*") == {"one"}
    assert names(name_regex="^[Tt]") == {"Two_2", "ten"}
    assert names(name_not_regex="[0-9]") == {"one", "ten"}
    assert names(name_array="one\nten") == names(name_comma="one, ten") == names(name_space="one ten")
    assert names(name_comma="one, ten") == {"one", "ten"}
    assert names(name_lower_comma="TWO_2,x") == names(name_lower_space="two_2") == {"Two_2"}
    assert names(name_lower_array="two_2") == {"Two_2"}
    assert names(name_present="true") == {"one", "Two_2", "ten"}
    assert names(name_present="false") == names(name_present="perhaps") == set()


@pytest.mark.parametrize("pattern", ["(", "[", "*", "a{9,1}", "(?<a", "\\"])
def test_a_wrong_regular_expression_matches_nothing(tags, pattern):
    assert names(name_regex=pattern) == names(name_not_regex=pattern) == set()


@pytest.mark.parametrize("field", ["name_regex", "name_not_regex", "any_word_matches_regex"])
@pytest.mark.parametrize("pattern", ["(?=.*y)x", r"(a)\1", "(" * 99 + "a" + "{0,9})" * 99, "x" * 501])
def test_a_regular_expression_that_may_take_for_ever_is_refused(tags, field, pattern):
    with pytest.raises(Unprocessable, match="Regular expression"):
        names(**{field: pattern})


def test_a_star_can_be_meant(tags):
    TagFactory(name="a*b")
    assert names(name_like=r"a\*b") == {"a*b"}
    assert names(name_like="o_e") == set()


def test_booleans(tags):
    assert names(is_deprecated="yes") == {"two_2"}
    assert names(is_deprecated="0") == {"one", "ten"}
    assert names(is_deprecated="perhaps") == set()


def test_enumerations(tags):
    assert names(category="artist, 4") == {"two_2", "ten"}
    assert names(category="nonsense") == names(category_not="nonsense") == set()
    assert names(category_not="general") == {"two_2", "ten"}
    assert names(category_id=">0") == {"two_2", "ten"}


def test_arrays(tags):
    Tag.objects.filter(name="two_2").update(words=["Two", "2"])
    Tag.objects.filter(name="ten").update(words=[])
    assert names(words_include_any="one Two x") == {"one", "two_2"}
    assert names(words_include_all="2 Two") == {"two_2"}
    assert names(words_include_all="2 one") == set()
    assert names(words_include_any="two") == set()
    assert names(words_include_any_lower="TWO") == names(words_include_all_lower="two 2") == {"two_2"}
    assert names(words_include_any_array="one\n2") == {"one", "two_2"}
    assert names(words_include_all_lower_array="TWO\n2") == {"two_2"}
    assert names(any_word_matches_regex="^T") == {"two_2"}
    assert names(any_word_matches_regex="(") == set()
    assert names(word_count="0") == {"ten"}
    assert names(word_count=">1") == names(word_count_gt="1") == {"two_2"}
    assert names(words_include_any='{"') == set()


def test_texts_and_relations():
    hana = UserFactory(name="Hana_B", level=Level.ADMIN)
    topics = [ForumTopicFactory(title="Red apples", creator=hana), ForumTopicFactory(title="Green pears")]
    search = Search[ForumTopic](
        texts("title"),
        users("creator"),
        related={"creator": related("creator", USER_SEARCH, User.objects.all())},
    )

    def titles(**params):
        return [topic.title for topic in search.find(ForumTopic.objects.all(), params)]

    assert titles(title_matches="apple") == ["Red apples"]
    assert titles(title_matches="*PEAR*") == ["Green pears"]
    assert titles(creator_id=str(hana.pk)) == ["Red apples"]
    assert titles(creator_id_not=str(hana.pk)) == ["Green pears"]
    assert titles(creator_name="hana b") == titles(creator_name="h*") == ["Red apples"]
    assert titles(has_creator="true") == [topic.title for topic in reversed(topics)]
    assert titles(has_creator="false") == titles(has_creator="x") == []
    assert titles(**{"creator.level": ">=50"}) == ["Red apples"]
    assert titles(**{"creator.level": "x"}) == []
    assert titles(**{"nobody.level": "x", "unknown": "1"}) == [topic.title for topic in reversed(topics)]


def test_a_record_that_is_known_by_name(tags):
    WikiPageFactory(title="ten")
    search = Search[Tag](
        exists_by_name("wiki_page", "name", WikiPage.objects.filter(is_deleted=False), "title")
    )
    assert found(search, has_wiki_page="yes") == [tags[2].pk]
    assert found(search, has_wiki_page="no") == [tags[1].pk, tags[0].pk]
    assert found(search, has_wiki_page="perhaps") == []


def test_orders(tags):
    first, second, third = (tag.pk for tag in tags)
    assert found() == found(order="nonsense") == found(order="id_desc") == [third, second, first]
    assert found(order="id_asc") == [first, second, third]
    assert found(order="name") == [first, third, second]
    assert found(order="custom", id=f"{second},{third},{first}") == [second, third, first]
    assert found(order="custom", id="x") == []
    assert found(order="custom") == [third, second, first]
    assert found(order="custom", id=f"{second},{first},{second}", name_ilike="*o*") == [second, first]


def test_hidden_topics_cannot_be_guessed_by_searching_through_them():
    request = make_request("create alias aaa -> bbb", title="Secret plan")
    params = {"forum_topic.title_matches": "*secret*"}
    assert list(search_bulk_update_requests(params)) == [request]
    assert list(search_bulk_update_requests({"forum_post.topic.title_matches": "*secret*"})) == [request]
    ForumTopic.objects.update(min_level=Level.MODERATOR)
    assert not search_bulk_update_requests(params).exists()
    ForumTopic.objects.update(min_level=0)
    ForumPost.objects.update(is_deleted=True)
    assert not search_bulk_update_requests({"forum_post.id": "any"}).exists()
    assert BulkUpdateRequest.objects.count() == 1
