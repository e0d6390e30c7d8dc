"""Danbooru's models, one a file."""

from booru.models.bulk_update_request import BulkUpdateRequest
from booru.models.dmail import Dmail
from booru.models.email_address import EmailAddress
from booru.models.forum import ForumPost, ForumTopic
from booru.models.post import Post, PostVersion
from booru.models.rate_limit import RateLimit
from booru.models.tag import Tag
from booru.models.tag_alias import TagAlias
from booru.models.tag_implication import TagImplication
from booru.models.user import Level, User
from booru.models.wiki_page import WikiPage

__all__ = [
    "BulkUpdateRequest",
    "Dmail",
    "EmailAddress",
    "ForumPost",
    "ForumTopic",
    "Level",
    "Post",
    "PostVersion",
    "RateLimit",
    "Tag",
    "TagAlias",
    "TagImplication",
    "User",
    "WikiPage",
]
