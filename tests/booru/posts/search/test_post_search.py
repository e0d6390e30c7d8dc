import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from booru.models import Level, Post
from booru.posts.search import PostSearch, SearchError, plan
from booru.posts.search.metatags import registry
from booru.rules.metatags import COUNT_SYNONYMS, SEARCH_METATAGS
from tests.support.factories import PostFactory
from tests.support.tag_factories import make_alias, make_post, make_tag, make_user

pytestmark = pytest.mark.django_db


def found(text, viewer=None):
    """The tags of the posts that a search finds."""
    return sorted(PostSearch(text, viewer).posts().values_list("tag_string", flat=True))


@pytest.fixture
def posts():
    for tags in ("a", "a b", "a b c", "c", "bb"):
        make_post(tags)


@pytest.mark.parametrize(
    ("text", "tags"),
    [
        ("", ["a", "a b", "a b c", "bb", "c"]),
        ("A", ["a", "a b", "a b c"]),
        ("a b", ["a b", "a b c"]),
        ("a -b", ["a"]),
        ("-a -bb", ["c"]),
        ("-a", ["bb", "c"]),
        ("c or bb", ["a b c", "bb", "c"]),
        ("c or -a", ["a b c", "bb", "c"]),
        ("a (c or -b)", ["a", "a b c"]),
        ("~c ~bb", ["a b c", "bb", "c"]),
        ("~c ~bb -a", ["bb", "c"]),
        ("-(a b)", ["a", "bb", "c"]),
        ("-(a or c)", ["bb"]),
        ("(a b) or (c -b)", ["a b", "a b c", "c"]),
        ("b*", ["a b", "a b c", "bb"]),
        ("b* -b", ["bb"]),
        ("-b* a", ["a"]),
        ("*", ["a", "a b", "a b c", "bb", "c"]),
        ("x*", []),
        ("-x*", ["a", "a b", "a b c", "bb", "c"]),
        ("nothing", []),
        ("-nothing c", ["a b c", "c"]),
        ("(", []),
        ("status:all or a", ["a", "a b", "a b c", "bb", "c"]),
        ("a or status:all", ["a", "a b", "a b c", "bb", "c"]),
        ("user:nobody or c", ["a b c", "c"]),
        ("-user:nobody c", ["a b c", "c"]),
        ("a -(b user:nobody)", ["a", "a b", "a b c"]),
    ],
)
def test_what_a_search_finds(posts, text, tags):
    assert found(text) == tags
    shown = PostSearch(text).ordered()
    assert sorted(shown.values_list("tag_string", flat=True)) == tags
    ids = list(shown.values_list("id", flat=True))
    assert ids == sorted(ids, reverse=True)


def test_an_aliased_name_finds_the_new_one(posts):
    make_alias("kitty", "a")
    assert found("kitty -b") == ["a"]
    assert found("unaliased:kitty") == []
    assert str(PostSearch("Kitty -b")) == "a -b"
    Post.objects.filter(tag_string="a").update(tag_string="kitty")
    assert found("unaliased:kitty") == ["kitty"]


def test_abbreviations_stand_for_tags():
    make_post("hair_ribbon")
    assert found("/hr") == ["hair_ribbon"]


def test_a_wildcard_stands_for_the_hundred_tags_with_the_most_posts():
    for number in range(101):
        make_tag(f"t{number}", post_count=200 - number)
    PostFactory(tag_string="t99")
    PostFactory(tag_string="t100")
    make_tag("t_empty")
    PostFactory(tag_string="t_empty")
    assert found("t*") == ["t99"]


def test_a_star_means_nothing_else():
    make_post("a%b")
    make_post("a_b")
    assert found("a%*") == ["a%b"]
    assert found("a_*") == ["a_b"]


def test_predicates():
    make_alias("kitty", "cat")
    search = PostSearch("kitty")
    assert (search.simple_tag, search.tag_names, search.is_null, search.is_empty) == (
        "cat",
        ["cat"],
        False,
        False,
    )
    assert PostSearch("pool:5").metatag("pool") == "5"
    assert PostSearch("(").is_null
    assert PostSearch(" ").is_empty


def test_posts_of_every_status_are_found():
    for flag in ("is_deleted", "is_pending", "is_flagged", "is_banned"):
        make_post("a", **{flag: True})
    assert len(found("a")) == 4


def test_one_statement_finds_them_by_the_tag_index(posts):
    search = PostSearch("a b (c or score:>5) -d -bb*")
    search.posts()
    with CaptureQueriesContext(
        connection,
    ) as queries:
        list(search.posts())
    assert len(queries) == 1
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_seqscan = off")
    assert "posts_tags" in PostSearch("a").posts().explain()
    assert "posts_tags" in search.posts().explain()
    assert "posts_tags" in PostSearch("a or b*").posts().explain()


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("order:id ordfav:x", "order and ordfav can't be used together."),
        ("ordpool:x a order:id ordfav:y", "order, ordfav, and ordpool can't be used together."),
        ("order:id order:score", "'order:' can't be used more than once."),
        ("order:score order:score_asc", "'order:' can't be used more than once."),
        ("ordfav:a ordfav:b", "'ordfav:' can't be used more than once."),
        ("a limit:5 limit:6", "'limit:' can't be used more than once."),
        ("a -order:id", "'order:id' can't be negated."),
        ("-(a order:id)", "'order:id' can't be negated."),
        ("a or order:id", "'order:id' can't be used with the 'or' operator."),
        ("c (a or (b random:5))", "'random:5' can't be used with the 'or' operator."),
    ],
)
def test_what_cannot_be_used_like_that(text, message):
    for use in (lambda s: s.posts(), lambda s: s.ordered(), lambda s: s.count()):
        with pytest.raises(SearchError) as error:
            use(PostSearch(text))
        assert str(error.value) == message


@pytest.mark.parametrize(
    "text",
    [
        "a order:id order:id limit:5 -rating:s",
        "order:score ORDER:SCORE",
        "order:score order:Score_desc",
        "order:id order:id_asc",
        "order:landscape order:ratio",
        "order:comments order:comment_count",
        "limit:5 limit:05",
        "ordfav:Mia_M ordfav:'mia m'",
        "ordpool:Nice ordpool:nice",
    ],
)
def test_what_may_be_used_once_may_be_repeated_in_any_spelling(text):
    list(PostSearch(text).ordered())


@pytest.mark.parametrize(
    ("level", "text", "limit"),
    [
        (None, "a b c", 2),
        (Level.MEMBER, "a -b c*", 2),
        (Level.MEMBER, "a a a", 2),
        (Level.MEMBER, "a user:x fav:y pool:z b", 2),
        (Level.GOLD, "a b c d e f g", 6),
    ],
)
def test_too_many_terms(level, text, limit):
    viewer = None if level is None else make_user(level)
    with pytest.raises(SearchError, match=f"^You cannot search for more than {limit} tags at a time.$"):
        PostSearch(text, viewer).check_tag_limit()


@pytest.mark.parametrize(
    ("level", "text"),
    [
        (None, "a b"),
        (None, "a b rating:s score:>5 is:sfw id:1 age:<1w limit:5"),
        (None, ""),
        (None, "a user:x fav:y pool:z"),
        (Level.GOLD, "a b c d e f"),
        (Level.PLATINUM, "a b c d e f g h"),
    ],
)
def test_few_enough_terms(level, text):
    PostSearch(text, None if level is None else make_user(level)).check_tag_limit()


def test_every_metatag_is_known():
    controls = {"order", "limit", "random"}
    assert registry.names() | controls == set(SEARCH_METATAGS) - COUNT_SYNONYMS.keys()


def test_frequent_tags_are_walked_through_and_rare_ones_fetched(monkeypatch):
    monkeypatch.setattr(plan, "_SAMPLE", 10)
    for _ in range(30):
        PostFactory(tag_string="often seldom")
    make_tag("often", post_count=900_000)
    make_tag("seldom", post_count=30)
    everything = [post.pk for post in Post.objects.order_by("-id")]
    for text in ("often", "seldom", "often seldom", "often -x", "often or seldom", "often score:0"):
        assert [post.pk for post in PostSearch(text).ordered(5)] == everything
    # Enough of the newest posts have the tag: no need to look at the others.
    assert "CASE WHEN" in str(PostSearch("often").ordered(1).query)
    assert "CASE WHEN" not in str(PostSearch("seldom").ordered(1).query)


def test_the_number_of_posts(posts):
    reader = make_user()
    assert PostSearch("a").count() == 3
    assert PostSearch("nothing").count() == 0
    assert PostSearch("(").count() == 0
    assert PostSearch("a b").count() == 2
    assert PostSearch("").count() == 5
    assert PostSearch("rating:g").count() == 5
    assert PostSearch("fav:nobody").count() == 0
    assert PostSearch(f"fav:{reader.name}").count() == 0
    assert PostSearch("pool:nowhere").count() == 0
