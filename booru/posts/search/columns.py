"""What searches compare and order by that is no column of a post, but worked out from some."""

from __future__ import annotations

from django.db.models import Count, F, FloatField, Func, IntegerField, OuterRef, Q, Subquery, Value
from django.db.models.functions import Cast, Coalesce, NullIf

from booru.models import Pool, Post
from booru.models.posts.post import TagArray

_ACTIVE = Q(is_deleted=False, is_pending=False, is_flagged=False)


def _count_children(condition: Q) -> Coalesce:
    children = Post.objects.filter(condition, parent=OuterRef("pk")).order_by().values("parent")
    return _or_zero(Subquery(children.values(count=Count("pk"))))


def _count_pools(condition: Q) -> Coalesce:
    itself = Func(OuterRef("pk"), function="ARRAY", template="%(function)s[%(expressions)s]")
    pools = Pool.objects.filter(condition, post_ids__contains=itself).order_by()
    one_row = pools.annotate(all=Value(1)).values("all")
    return _or_zero(Subquery(one_row.values(count=Count("pk"))))


def _or_zero(count: Subquery) -> Coalesce:
    return Coalesce(count, Value(0), output_field=IntegerField())


COUNTED = {
    "child_count": _count_children(Q()),
    "deleted_child_count": _count_children(Q(is_deleted=True)),
    "active_child_count": _count_children(_ACTIVE),
    "pool_count": _count_pools(Q()),
    "deleted_pool_count": _count_pools(Q(is_deleted=True)),
    "active_pool_count": _count_pools(Q(is_deleted=False)),
    "series_pool_count": _count_pools(Q(category=Pool.Category.SERIES)),
    "collection_pool_count": _count_pools(Q(category=Pool.Category.COLLECTION)),
}

_width = Cast("image_width", FloatField())
_height = Cast("image_height", FloatField())

# Only those that a search names become part of its SQL.
COLUMNS = {
    "tag_array": TagArray(),
    "downvotes": -F("down_score"),
    "mpixels": _width * _height / Value(1_000_000.0),
    # A post without a file has none.
    "ratio": _width / NullIf(_height, Value(0.0)),
    **COUNTED,
}
