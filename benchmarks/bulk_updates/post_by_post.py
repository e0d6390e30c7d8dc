"""Saves one post after the other, each in a transaction of its own: the way Danbooru does (behaviour D.2)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from datetime import timedelta

from django.db import transaction
from django.db.models import F
from django.utils import timezone

from booru.models import Post, PostVersion, Tag, TagAlias, TagImplication, User
from booru.models.tags.tag import TagCategory
from booru.posts.editing.derived_tags import automatic_tags


def save_post_by_post(post_ids: Iterable[int], added: tuple[str, ...], removed: tuple[str, ...]) -> None:
    """Add and remove these tags; without any, the post is counted anew."""
    user = User.objects.system()
    for post_id in post_ids:
        with transaction.atomic():
            _save(post_id, added, removed, user)


def _save(post_id: int, added: tuple[str, ...], removed: tuple[str, ...], user: User) -> None:
    post = Post.objects.select_for_update().get(pk=post_id)
    before = set(post.tags)
    names = TagAlias.objects.to_aliased([name for name in added if name not in before])
    deprecated = Tag.objects.filter(name__in=names, is_deprecated=True).values_list("name", flat=True)
    after = (before | set(names) - set(deprecated)) - set(removed)
    after |= set().union(*map(automatic_tags, after))
    after |= TagImplication.objects.implied_by(after)
    tags = {tag.name: tag for tag in Tag.objects.filter(name__in=after)}
    for name in sorted(after - tags.keys()):
        tags[name] = Tag.objects.find_or_create(name, user=user)
    per_category = Counter(tag.category for tag in tags.values())
    post.tag_string = " ".join(sorted(after))
    post.tag_count = len(after)
    for category in TagCategory:
        setattr(post, f"tag_count_{category.word}", per_category[category])
    post.save()
    if after == before:
        return
    _adjust_counts(after - before, 1)
    _adjust_counts(before - after, -1)
    User.objects.filter(pk=user.pk).update(post_update_count=F("post_update_count") + 1)
    _write_version(post, before, after, user)


def _adjust_counts(names: set[str], difference: int) -> None:
    """Locks the tags in the order of their names, and then counts."""
    if names:
        locked = list(Tag.objects.filter(name__in=names).order_by("name").select_for_update())
        Tag.objects.filter(pk__in=[tag.pk for tag in locked]).update(post_count=F("post_count") + difference)


def _write_version(post: Post, before: set[str], after: set[str], user: User) -> None:
    now = timezone.now()
    last = post.versions.order_by("-version").first()
    if last is None or last.updater_id != user.pk or last.updated_at < now - timedelta(hours=1):
        number = last.version + 1 if last else 1
        last = PostVersion(post=post, updater=user, version=number, created_at=now)
    else:
        before = set(last.tags_before)
    last.tags, last.rating, last.source = post.tag_string, post.rating, post.source
    last.parent_id_was = post.parent_id
    last.added_tags, last.removed_tags = sorted(after - before), sorted(before - after)
    last.updated_at = now
    last.save()
