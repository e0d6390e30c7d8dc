"""Makes tags, posts and the people who edit them, with only what a test is about."""

from __future__ import annotations

from typing import Any

from booru.models import BulkUpdateRequest, Level, Post, Tag, TagAlias, TagImplication, User, WikiPage
from booru.models.tags.tag import TagCategory
from booru.posts.creation import create_post
from tests.support.factories import (
    TagAliasFactory,
    TagFactory,
    TagImplicationFactory,
    UserFactory,
    WikiPageFactory,
)


def make_user(level: Level = Level.MEMBER, **fields: Any) -> User:
    return UserFactory(level=level, **fields)


def make_tag(
    name: str, category: TagCategory = TagCategory.GENERAL, post_count: int = 0, **fields: Any
) -> Tag:
    return TagFactory(name=name, category=category, post_count=post_count, **fields)


def make_post(tags: str, uploader: User | None = None, **fields: Any) -> Post:
    return create_post(uploader or make_user(), tags, **fields)


def make_alias(old: str, new: str, **fields: Any) -> TagAlias:
    """Saved as it is; no rule is checked."""
    return TagAliasFactory(antecedent_name=old, consequent_name=new, **fields)


def make_implication(old: str, new: str, **fields: Any) -> TagImplication:
    """Saved as it is; no rule is checked."""
    return TagImplicationFactory(antecedent_name=old, consequent_name=new, **fields)


def make_wiki_page(title: str, body: str = "Words.", **fields: Any) -> WikiPage:
    return WikiPageFactory(title=title, body=body, **fields)


def make_request(script: str, user: User | None = None, **options: Any) -> BulkUpdateRequest:
    options = {"title": "xxx", "reason": "because", **options}
    return BulkUpdateRequest.objects.request(user=user or make_user(), script=script, **options)


def apply_script(script: str) -> BulkUpdateRequest:
    """Request it, approve it as an admin and run its job."""
    request = make_request(script)
    request.approve(make_user(Level.ADMIN))
    request.process()
    return request
