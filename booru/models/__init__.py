"""Danbooru's models, one a file; a room for each subject.

To be read in this order: accounts, posts, tags, versions, pages, messages, forum, tag_relationships,
bulk_update_requests, moderation; saved_search, mod_action and rate_limit, whose subject is in several rooms;
base, word_index and array_literals, on which all stand. Migrations import sealed and user_name_look from
where they are.
"""

from booru.models.accounts.api_key import ApiKey
from booru.models.accounts.email_address import EmailAddress
from booru.models.accounts.login_session import LoginSession
from booru.models.accounts.user import Level, User
from booru.models.accounts.user_event import UserEvent
from booru.models.accounts.user_name_change_request import UserNameChangeRequest
from booru.models.bulk_update_requests.bulk_update_request import BulkUpdateRequest
from booru.models.bulk_update_requests.bulk_update_request_line import BulkUpdateRequestLine
from booru.models.bulk_update_requests.bulk_update_request_revert import BulkUpdateRequestRevert
from booru.models.forum.forum_post import ForumPost
from booru.models.forum.forum_post_vote import ForumPostVote
from booru.models.forum.forum_topic import ForumTopic
from booru.models.forum.forum_topic_visit import ForumTopicVisit
from booru.models.messages.dmail import Dmail
from booru.models.mod_action import ModAction
from booru.models.moderation.ban import Ban
from booru.models.moderation.moderation_report import ModerationReport
from booru.models.moderation.user_feedback import UserFeedback
from booru.models.pages.artist import Artist, ArtistVersion
from booru.models.pages.pool import Pool, PoolVersion
from booru.models.pages.wiki_page import WikiPage
from booru.models.pages.wiki_page_version import WikiPageVersion
from booru.models.posts.favorite import Favorite
from booru.models.posts.favorite_group import FavoriteGroup
from booru.models.posts.post import Post, PostVersion
from booru.models.posts.post_vote import PostVote
from booru.models.rate_limit import RateLimit
from booru.models.saved_search import SavedSearch
from booru.models.tag_relationships.tag_alias import TagAlias
from booru.models.tag_relationships.tag_implication import TagImplication
from booru.models.tags.tag import Tag
from booru.models.tags.tag_version import TagVersion
from booru.models.versions.credit import Credit

__all__ = [
    "ApiKey",
    "Artist",
    "ArtistVersion",
    "Ban",
    "BulkUpdateRequest",
    "BulkUpdateRequestLine",
    "BulkUpdateRequestRevert",
    "Credit",
    "Dmail",
    "EmailAddress",
    "Favorite",
    "FavoriteGroup",
    "ForumPost",
    "ForumPostVote",
    "ForumTopic",
    "ForumTopicVisit",
    "Level",
    "LoginSession",
    "ModAction",
    "ModerationReport",
    "Pool",
    "PoolVersion",
    "Post",
    "PostVersion",
    "PostVote",
    "RateLimit",
    "SavedSearch",
    "Tag",
    "TagAlias",
    "TagImplication",
    "TagVersion",
    "User",
    "UserEvent",
    "UserFeedback",
    "UserNameChangeRequest",
    "WikiPage",
    "WikiPageVersion",
]
