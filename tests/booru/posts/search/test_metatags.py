from datetime import UTC, datetime, timedelta

import pytest
from django.utils import timezone

from booru.models import Favorite, FavoriteGroup, Level, Pool, Post, PostVote, SavedSearch
from booru.posts.search import PostSearch
from tests.support.factories import PostFactory
from tests.support.tag_factories import make_user

pytestmark = pytest.mark.django_db


def found(text, viewer=None):
    """The tags of the posts that a search finds; of its negation all the others."""
    search = PostSearch(text, viewer)
    names = sorted(search.posts().values_list("tag_string", flat=True))
    others = PostSearch(f"-({text})", viewer).posts().values_list("tag_string", flat=True)
    assert sorted([*names, *others]) == sorted(Post.objects.values_list("tag_string", flat=True))
    return " ".join(names)


def in_order(text, viewer=None):
    return " ".join(PostSearch(text, viewer).ordered().values_list("tag_string", flat=True))


def make(name, **fields):
    return PostFactory(tag_string=name, **fields)


def test_by_uploader_and_approver():
    mia, tom = make_user(name="Mia_M"), make_user(name="tom")
    make("a", uploader=mia, approver=tom)
    make("b", uploader=tom)
    assert found("user:mia_m") == "a"
    assert found('user:"mia m"') == "a"
    assert found("user:nobody_at_all") == ""
    assert found("user:any") == "a b"
    assert found("user:none") == ""
    assert found("approver:tom") == "a"
    assert found("approver:none") == "b"
    assert found("approver:any") == "a"


def test_ratings_by_their_first_letters():
    for rating in "gsqe":
        make(rating, rating=rating)
    assert found("rating:Safe") == "s"
    assert found("rating:s,Q,explicit,x") == "e q s"
    assert found("rating:x") == ""
    assert found("rating:") == ""
    assert found("is:sfw") == "g s"
    assert found("is:nsfw") == "e q"
    assert found("is:general") == "g"
    assert found("is:safe") == "s"


def test_statuses():
    user = make_user()
    make("active")
    for name in ("pending", "flagged", "deleted", "banned"):
        make(name, **{f"is_{name}": True}, uploader=user)
    for name in ("pending", "flagged", "deleted", "banned"):
        assert found(f"status:{name}") == name
        assert found(f"is:{name}") == name
    assert found("status:ACTIVE") == "active banned"
    assert found("status:modqueue") == "flagged pending"
    assert found("status:unmoderated") == "flagged pending"
    assert found("status:unmoderated", user) == ""
    assert found("status:all") == found("status:any") == "active banned deleted flagged pending"
    assert found("status:nonsense") == found("status:appealed") == ""


def test_parents_and_children():
    parent = make("parent", is_deleted=True)
    child = make("child", parent=parent, is_pending=True)
    make("other")
    assert found(f"parent:{parent.pk}") == "child parent"
    assert found(f"child:{child.pk}") == "parent"
    assert found("parent:none") == "other parent"
    assert found("parent:any") == "child"
    assert found("parent:deleted") == "child"
    assert found("parent:active") == ""
    assert found("child:any") == "parent"
    assert found("child:none") == "child other"
    assert found("child:pending") == "parent"
    assert found("child:deleted") == ""
    assert found("parent:what") == found("child:what") == ""
    assert found("is:parent") == found("has:children") == found("has:child") == "parent"
    assert found("is:child") == found("has:parent") == "child"
    assert found("child_count:1") == found("deleted_children:0 active_children:0 children:>0") == "parent"
    assert found("child_count:0") == "child other"


def test_pools():
    a, b = make("a"), make("b")
    make("c")
    series = Pool.objects.create(name="Nice_Story", post_ids=[b.pk, a.pk])
    Pool.objects.create(name="Nice_Things", post_ids=[a.pk], category="collection")
    Pool.objects.create(name="Gone", post_ids=[b.pk], is_deleted=True)
    assert found("pool:nice_story") == found(f"pool:{series.pk}") == found('pool:"Nice story"') == "a b"
    assert found('pool:" Nice__story_"') == "a b"
    assert found("pool:nice_*") == "a b"
    assert found("pool:*things") == "a"
    assert found("pool:gone") == "b"
    assert found("pool:nowhere") == found("pool:99999999999999999999") == ""
    assert found("pool:none") == "c"
    assert found("pool:any") == found("has:pools") == found("pool:series") == "a b"
    assert found("pool:collection") == "a"
    assert in_order("ordpool:nice_story") == "b a"
    assert found("pool_count:2") == "a b"
    assert found("active_pools:2") == "a"
    assert found("deleted_pools:1") == "b"
    assert found("series_pools:2 collection_pools:0") == "b"
    assert PostSearch("pool:nice_story").count() == 2


def test_favorites_are_as_public_as_their_owner_wants():
    mia, tom, admin = make_user(name="mia"), make_user(name="tom"), make_user(Level.ADMIN)
    first, second = make("first"), make("second")
    make("other")
    for post in (second, first):
        Favorite.objects.create(user=mia, post=post)
    mia.favorite_count = 2
    mia.save()
    assert found("fav:Mia") == "first second"
    assert in_order("ordfav:mia") == "first second"
    assert PostSearch("fav:mia").count() == 2
    assert found("fav:nobody") == found("fav:tom") == ""
    mia.enable_private_favorites = True
    mia.save()
    assert found("fav:mia") == found("fav:mia", tom) == in_order("ordfav:mia") == ""
    assert PostSearch("fav:mia").count() == 0
    assert found("fav:mia", mia) == found("fav:mia", admin) == "first second"


def test_votes_are_seen_by_who_cast_them():
    mia, tom, admin = make_user(name="mia"), make_user(name="tom"), make_user(Level.ADMIN)
    PostVote.objects.create(user=mia, post=make("up"), score=1)
    PostVote.objects.create(user=mia, post=make("down"), score=-1)
    PostVote.objects.create(user=mia, post=make("gone"), score=1, is_deleted=True)
    assert found("upvote:mia", mia) == found("upvote:mia", admin) == "up"
    assert found("downvote:mia", mia) == "down"
    assert found("upvote:mia") == found("upvote:mia", tom) == found("upvote:nobody") == ""


def test_favorite_groups():
    mia = make_user()
    a, b = make("a"), make("b")
    FavoriteGroup.objects.create(name="Open", creator=mia, post_ids=[b.pk, a.pk])
    secret = FavoriteGroup.objects.create(name="Secret", creator=mia, post_ids=[a.pk], is_public=False)
    assert found("favgroup:open") == "a b"
    assert in_order("ordfavgroup:open") == "b a"
    assert (
        found("favgroup:secret")
        == found(f"favgroup:{secret.pk}")
        == found("favgroup:secret", make_user())
        == ""
    )
    assert found("favgroup:secret", mia) == found(f"favgroup:{secret.pk}", mia) == "a"


def test_sources():
    make("a", source="https://Example.com/1")
    make("b", source="none")
    make("c")
    assert found("source:HTTPS://example") == "a"
    assert found("source:*.com") == "a"
    assert found("source:example") == ""
    assert found("source:https://example_com") == ""
    assert found("source:none") == found('source:""') == found("source:") == "c"
    assert found('source:"none"') == "b"
    assert found("has:source") == "a b"


@pytest.mark.parametrize(
    ("text", "names"),
    [
        *[("score:5", "a"), ("score:>-3", "a"), ("score:<=-3", "b"), ("score:-3..5", "a b"), ("score:x", "")],
        *[("score:-3...5", "b"), ("score:5,-3", "a b"), ("upvotes:7", "a"), ("downvotes:>2", "b")],
        *[
            ("favcount:2", "a"),
            ("tagcount:9", "a"),
            ("gentags:4", "a"),
            ("arttags:1", "a"),
            ("copytags:2", "a"),
        ],
        *[("chartags:3", "a"), ("metatags:0", "a b"), ("width:1920", "a"), ("height:<100", "b")],
        *[
            ("mpixels:2.07", "a"),
            ("mpixels:>1", "a"),
            ("ratio:16:9", "a"),
            ("ratio:1.78", "a"),
            ("ratio:<1", "b"),
        ],
        *[("filesize:1048576", "a"), ("filesize:1mb", "a"), ("filesize:<100k", "b"), ("filesize:x", "")],
        *[("filetype:jpg", "a"), ("filetype:PNG,jpg", "a b"), ("is:png", "b"), ("md5:" + "AB" * 16, "a")],
        *[
            ("date:2020-01-31", "a"),
            ("date:<2020-02-01", "a"),
            ("age:<1w", "b"),
            ("age:>1w", "a"),
            ("date:x", ""),
        ],
        *[
            ("mpixels:x", ""),
            ("ratio:1:0", ""),
            ("ratio:x", ""),
            ("id:99999999999999999999", ""),
            ("id:", ""),
        ],
        *[("score:999999999999999999", ""), ("score:<999999999999999999", "a b"), ("height:-1..", "a b")],
    ],
)
def test_numbers_and_times(text, names):
    make(
        "a",
        score=5,
        up_score=7,
        down_score=-2,
        fav_count=2,
        tag_count=9,
        tag_count_general=4,
        tag_count_artist=1,
        tag_count_copyright=2,
        tag_count_character=3,
        image_width=1920,
        image_height=1080,
        file_size=1 << 20,
        file_ext="jpg",
        md5="ab" * 16,
        created_at=datetime(2020, 1, 31, 23, 59, tzinfo=UTC),
    )
    make("b", score=-3, down_score=-3, image_width=50, image_height=99, file_ext="png", tag_count_general=1)
    assert found(text) == names


def test_a_post_without_a_file_has_no_ratio():
    make("a")
    make("b", image_width=100, image_height=50)
    assert found("ratio:>1") == found("ratio:2") == "b"
    assert found("ratio:0") == ""


def test_by_id():
    first, second, third = make("a"), make("b"), make("c")
    assert found(f"id:{first.pk}") == "a"
    assert found(f"id:{third.pk},{first.pk}") == "a c"
    assert found(f"id:{second.pk}..") == "b c"
    assert in_order(f"id:{second.pk},{third.pk},{first.pk} order:custom") == "b c a"


def test_what_has_no_table_matches_nothing():
    make("a")
    for text in (
        "comm:any",
        "note:x",
        "flagger:x",
        "comment_count:0",
        "embedded:true",
        "ai:yes",
    ):
        assert found(text) == "", text
    assert found("is:wiki_image") == found("has:notes") == found("is:nonsense") == ""


def test_saved_searches():
    mia = make_user()
    for name in "abc":
        make(name)
    queries = {"a": ["nice"], "b order:id ordpool:x": [], "search:all": [], "id:>0 c": ["other"]}
    for query, labels in queries.items():
        SavedSearch.objects.create(user=mia, query=query, labels=labels)
    assert found("search:all", mia) == "a c"
    assert found("search:Nice", mia) == "a"
    assert found("search:unknown", mia) == ""
    assert found("search:all") == found("search:all", make_user()) == ""
    SavedSearch.objects.create(user=mia, query="", labels=["everything"])
    assert found("search:everything", mia) == "a b c"


def test_orders():
    now = timezone.now()
    make("a", score=1, created_at=now, image_width=200, image_height=100)
    make("b", score=3, created_at=now - timedelta(days=3), image_width=100, image_height=200)
    make("c", score=1, created_at=now - timedelta(days=2))
    assert in_order("") == in_order("order:nonsense") == in_order("order:id_desc") == "c b a"
    assert in_order("order:id") == in_order("order:id_asc") == in_order("order:ID_ASC") == "a b c"
    assert in_order("order:score") == "b c a"
    assert in_order("order:score_asc") == "a c b"
    assert in_order("order:landscape") == "a b c"
    assert in_order("order:portrait") == "b a c"
    assert in_order("age:<1y") == "a c b"
    assert in_order("order:created_at_asc") == "b c a"
    assert in_order("order:child_count") == in_order("order:children") == "c b a"
    assert sorted(in_order("order:random")) == sorted("a b c")
    assert sorted(in_order("random:2")) == sorted("a b c")


FIELDS = {
    "score": "score",
    "upvotes": "up_score",
    "favcount": "fav_count",
    "width": "image_width",
    "height": "image_height",
    "tagcount": "tag_count",
    "gentags": "tag_count_general",
    "arttags": "tag_count_artist",
    "copytags": "tag_count_copyright",
    "chartags": "tag_count_character",
    "metatags": "tag_count_meta",
    "filesize": "file_size",
}


@pytest.mark.parametrize("order", FIELDS)
def test_an_order_begins_with_the_most_and_what_is_equal_goes_the_same_way(order):
    for name, value in {"a": 1, "b": 2, "c": 1}.items():
        Post.objects.filter(pk=make(name).pk).update(**{FIELDS[order]: value})
    assert in_order(f"order:{order}") == in_order(f"order:{order}_desc") == "b c a"
    assert in_order(f"order:{order}_asc") == "a c b"


def test_orders_by_what_is_worked_out_go_the_same_way():
    parent, pooled = make("a", down_score=-1), make("b", down_score=-2)
    make("c", down_score=-1, parent=parent)
    Pool.objects.create(name="some_pool", post_ids=[pooled.pk])
    assert in_order("order:downvotes") == "b c a"
    assert in_order("order:downvotes_asc") == "a c b"
    assert in_order("order:child_count") == in_order("order:children_desc") == "a c b"
    assert in_order("order:children_asc") == "b c a"
    assert in_order("order:pool_count_desc") == in_order("order:pools") == "b c a"
    assert in_order("order:pools_asc") == "a c b"


def test_orders_by_size_and_time_go_the_same_way():
    now = timezone.now()
    for name, width, days in [("a", 10, 1), ("b", 20, 0), ("c", 10, 1)]:
        make(name, image_width=width, image_height=10, created_at=now - timedelta(days=days))
    for order in ("mpixels", "landscape", "created_at", "date"):
        assert in_order(f"order:{order}") == "b c a", order
    for order in ("mpixels_asc", "portrait", "created_at_asc", "date_asc"):
        assert in_order(f"order:{order}") == "a c b", order
    Post.objects.update(updated_at=now)
    assert in_order("order:change") == "c b a"
    assert in_order("order:change_asc") == "a b c"


def test_the_limit_that_a_search_names():
    assert PostSearch("a limit:5").limit == 5
    assert PostSearch("random:7").limit == 7
    assert PostSearch("a limit:0").limit == 1
    assert PostSearch("a limit:x").limit is None
    assert PostSearch("a").limit is None
