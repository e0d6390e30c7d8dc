"""Edits a post by itself, the long way: one rule and one row after the other. The editor must do the same."""

from __future__ import annotations

from collections import Counter
from datetime import timedelta

from django.db import transaction
from django.db.models import F
from django.utils import timezone

from booru.models import (
    Favorite,
    FavoriteGroup,
    Post,
    PostVersion,
    PostVote,
    Tag,
    TagAlias,
    TagImplication,
    User,
)
from booru.models.tags.tag import TagCategory
from booru.posts.tag_edits.tag_edit import TagEdit

SIZE_TAGS = {"incredibly_absurdres", "absurdres", "highres", "lowres", "wide_image", "tall_image"}


class Invalid(Exception):
    pass


def save_one_by_one(post_ids: list[int], edit: TagEdit, user: User) -> None:
    """A post that cannot be saved is left as it was."""
    for post_id in post_ids:
        try:
            with transaction.atomic():
                _save(Post.objects.get(pk=post_id), edit, user)
        except Invalid:
            continue
        for name, value in edit.actions:
            _act(name, value, post_id, user)


def _save(post: Post, edit: TagEdit, user: User) -> None:
    if swapped := _save_one(post, edit, user):
        parent, its_parent_id = swapped
        fields = (("parent", str(its_parent_id or "none")),)
        _save_one(parent, TagEdit(fields=fields), user, is_swapped=True)


def _save_one(
    post: Post, edit: TagEdit, user: User, *, is_swapped: bool = False
) -> tuple[Post, int | None] | None:
    """A child that became the post's parent, and the parent that it gets."""
    before, swapped = set(post.tags), None
    fields_before = (post.rating, post.source, post.parent_id)
    for name, value in edit.fields:
        _set_field(post, name, value)
    if len(post.source) > 1200:
        raise Invalid
    # Of a post whose child takes its place, the new parent was looked at with that child.
    if post.parent_id != fields_before[2] and not is_swapped:
        swapped = _settle_parent(post, fields_before[2])
    removed, dropped = {_unaliased(name) for name in edit.remove}, set(edit.drop)
    added = {_unaliased(name) for name in edit.add if name not in before | removed | dropped}
    after = (before - dropped | {name for name in added if _may_be_added(name)}) - removed
    after = _with_file_tags(post, after)
    after |= _automatic(after)
    after |= _implied(after)
    for name, category in edit.categories:
        if not Tag.objects.name_errors(name):
            Tag.objects.find_or_create(name, category, user)
    for name in sorted(after):
        Tag.objects.find_or_create(name, user=user)
    categories = Counter(Tag.objects.get(name=name).category for name in after)
    post.tag_string = " ".join(sorted(after))
    post.tag_count = len(after)
    for category in TagCategory:
        setattr(post, f"tag_count_{category.name.lower()}", categories[category])
    post.save()
    if after == before and (post.rating, post.source, post.parent_id) == fields_before:
        return swapped
    for name in after - before:
        Tag.objects.filter(name=name).update(post_count=F("post_count") + 1)
    for name in before - after:
        Tag.objects.filter(name=name).update(post_count=F("post_count") - 1)
    User.objects.filter(pk=user.pk).update(post_update_count=F("post_update_count") + 1)
    _write_version(post, before, after, user)
    return swapped


def _set_field(post: Post, name: str, value: str) -> None:
    if name == "rating" and value[:1] in {"g", "s", "q", "e"}:
        post.rating = value[0]
    if name == "source":
        post.source = "" if value == "none" else value.strip()
    if name == "parent" and (value == "none" or value.isdigit()):
        post.parent_id = None if value in {"none", "0"} else int(value)
    if name == "-parent" and value == str(post.parent_id):
        post.parent_id = None


def _settle_parent(post: Post, old_parent_id: int | None) -> tuple[Post, int | None] | None:
    if post.parent_id is None:
        return None
    if post.parent_id == post.pk or not Post.objects.filter(pk=post.parent_id).exists():
        raise Invalid
    parent = Post.objects.get(pk=post.parent_id)
    if parent.parent_id == post.pk:
        Post.objects.filter(pk=post.pk).update(parent=parent)
        Post.objects.filter(pk=parent.pk).update(parent=old_parent_id)
    if _levels_above(post.parent_id) + _levels_below(post.pk) > 4:
        raise Invalid
    if Post.objects.filter(parent=parent).exclude(pk=post.pk).count() >= 30:
        raise Invalid
    if parent.parent_id != post.pk:
        return None
    Post.objects.filter(pk=parent.pk).update(parent=post.pk)
    return parent, old_parent_id


# More levels than there may be are not counted: a post that goes below its own grandchild makes a circle.
_ENOUGH_LEVELS = 5


def _levels_above(post_id: int | None, at_most: int = _ENOUGH_LEVELS) -> int:
    """How many posts there are from this one up."""
    if post_id is None or not at_most:
        return 0
    return 1 + _levels_above(Post.objects.get(pk=post_id).parent_id, at_most - 1)


def _levels_below(post_id: int, at_most: int = _ENOUGH_LEVELS) -> int:
    """How many posts there are from this one down."""
    if not at_most:
        return 0
    children = Post.objects.filter(parent=post_id).values_list("pk", flat=True)
    return 1 + max((_levels_below(child, at_most - 1) for child in children), default=0)


def _unaliased(name: str) -> str:
    alias = TagAlias.objects.filter(antecedent_name=name, status="active").first()
    return alias.consequent_name if alias else name


def _may_be_added(name: str) -> bool:
    return (
        not Tag.objects.name_errors(name) and not Tag.objects.filter(name=name, is_deprecated=True).exists()
    )


def _with_file_tags(post: Post, names: set[str]) -> set[str]:
    width, height = post.image_width, post.image_height
    names = names - {"non-web_source"}
    if width and height:
        names -= SIZE_TAGS
    if post.file_ext:
        names -= {"flash", "video", "ugoira"}
    if not names:
        names = {"tagme"}
    elif len(names) >= 30:
        names -= {"tagme"}
    if width >= 1600 or height >= 1200:
        names.add("highres")
    if width >= 3200 or height >= 2400:
        names.add("absurdres")
    if 0 < width <= 500 and 0 < height <= 500:
        names.add("lowres")
    if post.file_ext == "mp4":
        names.add("video")
    if post.source and not post.source.startswith("https://"):
        names.add("non-web_source")
    return names


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


def _act(name: str, value: str, post_id: int, user: User) -> None:
    post = Post.objects.get(pk=post_id)
    if name == "fav" and not Favorite.objects.filter(user=user, post=post).exists():
        Favorite.objects.create(user=user, post=post)
        User.objects.filter(pk=user.pk).update(favorite_count=F("favorite_count") + 1)
        post.fav_count += 1
        post.save()
        _vote(post, user, 1)
    if name == "-fav" and Favorite.objects.filter(user=user, post=post).delete()[0]:
        User.objects.filter(pk=user.pk).update(favorite_count=F("favorite_count") - 1)
        post.fav_count -= 1
        post.save()
        _take_back(post, user, 1)
    if name == "upvote":
        _vote(post, user, 1)
    if name == "downvote":
        _vote(post, user, -1)
    if name in {"favgroup", "-favgroup"}:
        group = FavoriteGroup.objects.filter(creator=user, name=value).first()
        if group and name == "favgroup" and post_id not in group.post_ids:
            group.post_ids.append(post_id)
        if group and name == "-favgroup" and post_id in group.post_ids:
            group.post_ids.remove(post_id)
        if group:
            group.save()
    if name == "status" and value == "banned":
        Post.objects.filter(pk=post_id).update(is_banned=True)
    if name == "status" and value == "active":
        Post.objects.filter(pk=post_id, is_pending=True).update(is_pending=False, approver=user)


def _vote(post: Post, user: User, score: int) -> None:
    _take_back(post, user, -score)
    if not PostVote.objects.filter(user=user, post=post, score=score, is_deleted=False).exists():
        PostVote.objects.create(user=user, post=post, score=score)
        _count_vote(post, score, score)


def _take_back(post: Post, user: User, score: int) -> None:
    for vote in PostVote.objects.filter(user=user, post=post, score=score, is_deleted=False):
        vote.is_deleted = True
        vote.save()
        _count_vote(post, score, -score)


def _count_vote(post: Post, score: int, difference: int) -> None:
    if score > 0:
        post.up_score += difference
    else:
        post.down_score += difference
    post.score += difference
    post.save()
