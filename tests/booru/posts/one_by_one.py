"""Edits a post by itself, the long way: one rule and one row after the other. The editor must do the same."""

from __future__ import annotations

from collections import Counter
from datetime import timedelta

from django.db.models import F
from django.utils import timezone

from booru.models import Post, PostVersion, Tag, TagAlias, TagImplication, User
from booru.models.tag import TagCategory
from booru.posts.tag_edit import TagEdit


def save_one_by_one(post_ids: list[int], edit: TagEdit, user: User) -> None:
    for post_id in post_ids:
        _save(Post.objects.get(pk=post_id), edit, user)


def _save(post: Post, edit: TagEdit, user: User) -> None:
    before = set(post.tag_string.split())
    removed, dropped = {_unaliased(name) for name in edit.remove}, set(edit.drop)
    added = {_unaliased(name) for name in edit.add if name not in before | removed | dropped}
    after = (before - dropped | {name for name in added if _may_be_added(name)}) - removed
    after |= _automatic(after)
    after |= _implied(after)
    for name in sorted(after):
        Tag.objects.find_or_create(name, user=user)
    categories = Counter(Tag.objects.get(name=name).category for name in after)
    post.tag_string = " ".join(sorted(after))
    post.tag_count = len(after)
    for category in TagCategory:
        setattr(post, f"tag_count_{category.name.lower()}", categories[category])
    post.save()
    if after == before:
        return
    for name in after - before:
        Tag.objects.filter(name=name).update(post_count=F("post_count") + 1)
    for name in before - after:
        Tag.objects.filter(name=name).update(post_count=F("post_count") - 1)
    User.objects.filter(pk=user.pk).update(post_update_count=F("post_update_count") + 1)
    _write_version(post, before, after, user)


def _unaliased(name: str) -> str:
    alias = TagAlias.objects.filter(antecedent_name=name, status="active").first()
    return alias.consequent_name if alias else name


def _may_be_added(name: str) -> bool:
    return (
        not Tag.objects.name_errors(name) and not Tag.objects.filter(name=name, is_deprecated=True).exists()
    )


def _automatic(names: set[str]) -> set[str]:
    found = set()
    for name in names:
        if name.endswith("_(cosplay)"):
            found |= {name.removesuffix("_(cosplay)"), "cosplay"}
        if name.endswith("_school_uniform"):
            found.add("school_uniform")
        if name.endswith("_(meme)"):
            found.add("meme")
    return found


def _implied(names: set[str]) -> set[str]:
    implied: set[str] = set()
    while True:
        known = names | implied
        above = TagImplication.objects.filter(antecedent_name__in=known, status="active")
        more = set(above.values_list("consequent_name", flat=True))
        if more <= implied:
            return implied
        implied |= more


def _write_version(post: Post, before: set[str], after: set[str], user: User) -> None:
    now = timezone.now()
    last = post.versions.order_by("-version").first()
    if (
        last
        and last.updater == user
        and not last.bulk_update_request_id
        and last.updated_at > now - timedelta(hours=1)
    ):
        before = set(last.tags_before)
    else:
        last = PostVersion(post=post, updater=user, version=last.version + 1 if last else 1, created_at=now)
    last.tags = post.tag_string
    last.added_tags = sorted(after - before)
    last.removed_tags = sorted(before - after)
    last.rating = post.rating
    last.source = post.source
    last.parent_id_was = post.parent_id
    last.updated_at = now
    last.save()
