"""The site's addresses: one line a page, with a function for each method."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.urls import path, register_converter
from django.views.decorators.csrf import csrf_exempt

from booru.models import TagAlias, TagImplication
from booru.web.actions import actions
from booru.web.views import (
    admin_users,
    api_keys,
    artists,
    backup_codes,
    bans,
    bulk_update_request_previews,
    bulk_update_request_reverts,
    bulk_update_requests,
    dmails,
    dmca,
    dtext_previews,
    email_deliverability,
    emails,
    favorites,
    forum_post_votes,
    forum_posts,
    forum_topics,
    front_page,
    login_sessions,
    mail_previews,
    mod_actions,
    moderation_reports,
    password_confirmations,
    password_resets,
    passwords,
    pools,
    post_versions,
    post_votes,
    posts,
    profiles,
    record_versions,
    request_traces,
    saved_searches,
    sent_mails,
    sessions,
    settings,
    signups,
    site_pages,
    tag_relationships,
    tag_versions,
    tags,
    totp,
    unsubscribe,
    user_deletions,
    user_events,
    user_feedbacks,
    user_name_change_requests,
    users,
    wiki_pages,
)

if TYPE_CHECKING:
    from django.urls import URLPattern

    from booru.web.actions import Action


class RecordIdConverter:
    """A record's id, short enough for the database's integers."""

    regex = "[0-9]{1,18}"

    def to_python(self, value: str) -> int:
        return int(value)

    def to_url(self, value: int) -> str:
        return str(value)


register_converter(RecordIdConverter, "id")


def with_json(route: str, view: Action, name: str) -> list[URLPattern]:
    """The page, and the same for programs at `<route>.json`."""
    return [path(route, view, name=name), path(f"{route}.json", view)]


urlpatterns = [
    path("", front_page.index, name="front_page"),
    # Accounts
    path("login", actions(GET=sessions.new), name="login"),
    *with_json("session", actions(POST=sessions.create, DELETE=sessions.destroy), "session"),
    *with_json(
        "session/verify_totp",
        actions(GET=sessions.new_code, POST=sessions.verify_code),
        "verify_totp",
    ),
    *with_json(
        "session/confirm_password",
        actions(GET=password_confirmations.new, POST=password_confirmations.create),
        "confirm_password",
    ),
    path("logout", actions(GET=sessions.confirm_logout, POST=sessions.destroy), name="logout"),
    *with_json("user_events", actions(GET=user_events.index), "user_events"),
    *with_json("login_sessions", actions(GET=login_sessions.index), "login_sessions"),
    path(
        "login_sessions/revoke_others",
        actions(POST=login_sessions.destroy_others),
        name="revoke_other_login_sessions",
    ),
    *with_json("login_sessions/<id:session_id>", actions(DELETE=login_sessions.destroy), "login_session"),
    path("profile", actions(GET=users.profile), name="profile"),
    path("settings", actions(GET=settings.show, PUT=settings.update), name="settings"),
    path("users/new", actions(GET=signups.new), name="signup"),
    *with_json("users", actions(GET=users.index, POST=signups.create), "users"),
    path("users/deactivate", actions(GET=user_deletions.edit_own), name="deactivate_user"),
    *with_json("users/<id:user_id>", actions(GET=profiles.show, DELETE=user_deletions.destroy), "user"),
    path("users/<id:user_id>/deactivate", actions(GET=user_deletions.edit), name="deactivate_user"),
    *with_json(
        "users/<id:user_id>/email",
        actions(GET=emails.show_of_user, PUT=emails.update, DELETE=emails.destroy),
        "user_email",
    ),
    path("users/<id:user_id>/email/edit", actions(GET=emails.edit), name="edit_user_email"),
    path("users/<id:user_id>/email/verify", actions(GET=emails.verify), name="email_verify"),
    path(
        "users/<id:user_id>/email/send_confirmation",
        actions(POST=emails.send_confirmation),
        name="send_confirmation",
    ),
    *with_json("emails", actions(GET=emails.index), "emails"),
    *with_json("emails/<id:address_id>", actions(GET=emails.show), "email"),
    *with_json(
        "emails/<id:address_id>/deliverability",
        actions(PUT=email_deliverability.update),
        "email_deliverability",
    ),
    *with_json("sent_mails", actions(GET=sent_mails.index), "sent_mails"),
    *with_json("sent_mails/<id:mail_id>", actions(GET=sent_mails.show), "sent_mail"),
    *with_json("requests/<slug:request_id>", actions(GET=request_traces.show), "request"),
    path(
        "maintenance/user/email_notification",
        # Mail programs unsubscribe without cookies (RFC 8058); the signed address is the proof.
        csrf_exempt(actions(GET=unsubscribe.show, POST=unsubscribe.destroy, DELETE=unsubscribe.destroy)),
        name="email_notification",
    ),
    # Passwords, second factors, API keys
    path(
        "password_reset",
        actions(GET=password_resets.show, POST=password_resets.create, PUT=password_resets.update),
        name="password_reset",
    ),
    path("password_reset/edit", actions(GET=password_resets.edit), name="edit_password_reset"),
    path("users/<id:user_id>/password", actions(PUT=passwords.update), name="password"),
    path("users/<id:user_id>/password/edit", actions(GET=passwords.edit), name="edit_password"),
    path("users/<id:user_id>/totp", actions(PUT=totp.update, DELETE=totp.destroy), name="totp"),
    path("users/<id:user_id>/totp/edit", actions(GET=totp.edit), name="edit_totp"),
    *with_json(
        "users/<id:user_id>/backup_codes",
        actions(GET=backup_codes.show, POST=backup_codes.create),
        "backup_codes",
    ),
    path(
        "users/<id:user_id>/backup_codes/recover",
        actions(GET=backup_codes.confirm_recovery, POST=backup_codes.recover),
        name="recover_backup_codes",
    ),
    path("users/<id:user_id>/backup_codes/recover.json", actions(POST=backup_codes.recover)),
    *with_json("api_keys", actions(GET=api_keys.index, POST=api_keys.create), "api_keys"),
    path("api_keys/new", actions(GET=api_keys.new), name="new_api_key"),
    *with_json("api_keys/<id:key_id>", actions(PUT=api_keys.update, DELETE=api_keys.destroy), "api_key"),
    path("api_keys/<id:key_id>/edit", actions(GET=api_keys.edit), name="edit_api_key"),
    # The site itself
    path("contact", actions(GET=site_pages.contact), name="contact"),
    path("privacy", actions(GET=site_pages.privacy), name="privacy"),
    path("dmca", actions(GET=dmca.new, POST=dmca.create), name="dmca"),
    path("dmca.json", actions(POST=dmca.create)),
    # Only while DEBUG is on
    path("mail_previews", actions(GET=mail_previews.index), name="mail_previews"),
    path("mail_previews/<slug:name>", actions(GET=mail_previews.show), name="mail_preview"),
    path("mail_previews/<slug:name>/html", actions(GET=mail_previews.html), name="mail_preview_html"),
    # Dmails
    *with_json("dmails", actions(GET=dmails.index, POST=dmails.create), "dmails"),
    path("dmails/new", actions(GET=dmails.new), name="new_dmail"),
    path("dmails/mark_all_as_read", actions(POST=dmails.mark_all_as_read), name="mark_all_dmails_as_read"),
    path("dmails/hide_notice", actions(POST=dmails.hide_notice), name="hide_dmail_notice"),
    *with_json("dmails/<id:dmail_id>", actions(GET=dmails.show, PUT=dmails.update), "dmail"),
    # Moderation reports
    *with_json(
        "moderation_reports",
        actions(GET=moderation_reports.index, POST=moderation_reports.create),
        "moderation_reports",
    ),
    path("moderation_reports/new", actions(GET=moderation_reports.new), name="new_moderation_report"),
    *with_json(
        "moderation_reports/<id:report_id>",
        actions(GET=moderation_reports.show, PUT=moderation_reports.update),
        "moderation_report",
    ),
    # Bulk update requests
    *with_json(
        "bulk_update_requests",
        actions(GET=bulk_update_requests.index, POST=bulk_update_requests.create),
        "bulk_update_requests",
    ),
    path("bulk_update_requests/new", actions(GET=bulk_update_requests.new), name="new_bulk_update_request"),
    *with_json(
        "bulk_update_requests/preview",
        actions(POST=bulk_update_request_previews.preview_new),
        "preview_bulk_update_request",
    ),
    path(
        "bulk_update_requests/dry_run",
        actions(
            POST=bulk_update_request_previews.dry_run_of_script,
            PUT=bulk_update_request_previews.dry_run_of_script,
        ),
        name="dry_run_bulk_update_script",
    ),
    *with_json(
        "bulk_update_requests/<id:bur_id>",
        actions(
            GET=bulk_update_requests.show,
            PUT=bulk_update_requests.update,
            DELETE=bulk_update_requests.reject,
        ),
        "bulk_update_request",
    ),
    path(
        "bulk_update_requests/<id:bur_id>/edit",
        actions(GET=bulk_update_requests.edit),
        name="edit_bulk_update_request",
    ),
    *with_json(
        "bulk_update_requests/<id:bur_id>/preview",
        # The form that it previews is one of an update.
        actions(
            POST=bulk_update_request_previews.preview_edit, PUT=bulk_update_request_previews.preview_edit
        ),
        "preview_edited_bulk_update_request",
    ),
    *with_json(
        "bulk_update_requests/<id:bur_id>/dry_run",
        actions(GET=bulk_update_request_previews.dry_run_of_request),
        "dry_run_bulk_update_request",
    ),
    *with_json(
        "bulk_update_requests/<id:bur_id>/approve",
        actions(POST=bulk_update_requests.approve),
        "approve_bulk_update_request",
    ),
    *with_json(
        "bulk_update_requests/<id:bur_id>/revert",
        actions(POST=bulk_update_request_reverts.create),
        "revert_bulk_update_request",
    ),
    # Posts, tags, wiki pages
    *with_json("posts", actions(GET=posts.index), "posts"),
    *with_json("posts/<id:post_id>", actions(GET=posts.show, PUT=posts.update), "post"),
    *with_json(
        "posts/<id:post_id>/votes",
        actions(POST=post_votes.create, DELETE=post_votes.destroy),
        "post_votes",
    ),
    *with_json("favorites", actions(POST=favorites.create), "favorites"),
    *with_json("favorites/<id:post_id>", actions(DELETE=favorites.destroy), "favorite"),
    *with_json("post_versions", actions(GET=post_versions.index), "post_versions"),
    *with_json("tags", actions(GET=tags.index), "tags"),
    *with_json("tags/<id:tag_id>", actions(GET=tags.show, PUT=tags.update), "tag"),
    path("tags/<id:tag_id>/edit", actions(GET=tags.edit), name="edit_tag"),
    *with_json("tag_versions", actions(GET=tag_versions.index), "tag_versions"),
    *with_json("tag_aliases", tag_relationships.listing_of(TagAlias), "tag_aliases"),
    *with_json("tag_aliases/<id:relationship_id>", tag_relationships.page_of(TagAlias), "tag_alias"),
    *with_json("tag_implications", tag_relationships.listing_of(TagImplication), "tag_implications"),
    *with_json(
        "tag_implications/<id:relationship_id>", tag_relationships.page_of(TagImplication), "tag_implication"
    ),
    *with_json("mod_actions", actions(GET=mod_actions.index), "mod_actions"),
    *with_json("mod_actions/<id:action_id>", actions(GET=mod_actions.show), "mod_action"),
    # What moderators do with users, and what users say of each other
    path("admin/users/<id:user_id>/edit", actions(GET=admin_users.edit), name="admin_edit_user"),
    *with_json("admin/users/<id:user_id>", actions(PUT=admin_users.update), "admin_user"),
    *with_json("bans", actions(GET=bans.index, POST=bans.create), "bans"),
    path("bans/new", actions(GET=bans.new), name="new_ban"),
    *with_json("bans/<id:ban_id>", actions(GET=bans.show, PUT=bans.update, DELETE=bans.destroy), "ban"),
    path("bans/<id:ban_id>/edit", actions(GET=bans.edit), name="edit_ban"),
    *with_json(
        "user_feedbacks", actions(GET=user_feedbacks.index, POST=user_feedbacks.create), "user_feedbacks"
    ),
    path("user_feedbacks/new", actions(GET=user_feedbacks.new), name="new_user_feedback"),
    *with_json(
        "user_feedbacks/<id:feedback_id>",
        actions(GET=user_feedbacks.show, PUT=user_feedbacks.update),
        "user_feedback",
    ),
    path("user_feedbacks/<id:feedback_id>/edit", actions(GET=user_feedbacks.edit), name="edit_user_feedback"),
    *with_json(
        "user_name_change_requests",
        actions(GET=user_name_change_requests.index, POST=user_name_change_requests.create),
        "user_name_change_requests",
    ),
    path(
        "user_name_change_requests/new",
        actions(GET=user_name_change_requests.new),
        name="new_user_name_change_request",
    ),
    *with_json(
        "user_name_change_requests/<id:change_id>",
        actions(GET=user_name_change_requests.show),
        "user_name_change_request",
    ),
    # Wiki pages, pools, artists
    *with_json("wiki_pages", actions(GET=wiki_pages.index, POST=wiki_pages.create), "wiki_pages"),
    path("wiki_pages/new", actions(GET=wiki_pages.new), name="new_wiki_page"),
    path("wiki_pages/<id:page_id>/edit", actions(GET=wiki_pages.edit), name="edit_wiki_page"),
    # A title may have slashes in it; `.json` is looked for first.
    path(
        "wiki_pages/<path:title>.json",
        actions(GET=wiki_pages.show, PUT=wiki_pages.update, DELETE=wiki_pages.destroy),
    ),
    path(
        "wiki_pages/<path:title>",
        actions(GET=wiki_pages.show, PUT=wiki_pages.update, DELETE=wiki_pages.destroy),
        name="wiki_page",
    ),
    *with_json("wiki_page_versions", actions(GET=record_versions.wiki_pages), "wiki_page_versions"),
    *with_json("pools", actions(GET=pools.index, POST=pools.create), "pools"),
    path("pools/new", actions(GET=pools.new), name="new_pool"),
    *with_json("pools/<id:pool_id>", actions(GET=pools.show, PUT=pools.update, DELETE=pools.destroy), "pool"),
    path("pools/<id:pool_id>/edit", actions(GET=pools.edit), name="edit_pool"),
    *with_json("pool_versions", actions(GET=record_versions.pools), "pool_versions"),
    *with_json("artists", actions(GET=artists.index, POST=artists.create), "artists"),
    path("artists/new", actions(GET=artists.new), name="new_artist"),
    *with_json(
        "artists/<id:artist_id>",
        actions(GET=artists.show, PUT=artists.update, DELETE=artists.destroy),
        "artist",
    ),
    path("artists/<id:artist_id>/edit", actions(GET=artists.edit), name="edit_artist"),
    *with_json("artist_versions", actions(GET=record_versions.artists), "artist_versions"),
    # The form that it previews may be one of an update.
    path(
        "dtext_preview",
        actions(POST=dtext_previews.create, PUT=dtext_previews.create),
        name="dtext_preview",
    ),
    # Saved searches
    *with_json(
        "saved_searches", actions(GET=saved_searches.index, POST=saved_searches.create), "saved_searches"
    ),
    *with_json(
        "saved_searches/<id:search_id>",
        actions(PUT=saved_searches.update, DELETE=saved_searches.destroy),
        "saved_search",
    ),
    path("saved_searches/<id:search_id>/edit", actions(GET=saved_searches.edit), name="edit_saved_search"),
    # Forum
    *with_json("forum_topics", actions(GET=forum_topics.index, POST=forum_topics.create), "forum_topics"),
    path("forum_topics/new", actions(GET=forum_topics.new), name="new_forum_topic"),
    path(
        "forum_topics/mark_all_as_read",
        actions(POST=forum_topics.mark_all_as_read),
        name="mark_all_topics_as_read",
    ),
    *with_json(
        "forum_topics/<id:topic_id>",
        actions(GET=forum_topics.show, PUT=forum_topics.update, DELETE=forum_topics.hide),
        "forum_topic",
    ),
    path("forum_topics/<id:topic_id>/edit", actions(GET=forum_topics.edit), name="edit_forum_topic"),
    *with_json(
        "forum_topics/<id:topic_id>/undelete", actions(POST=forum_topics.unhide), "undelete_forum_topic"
    ),
    *with_json("forum_posts", actions(GET=forum_posts.index, POST=forum_posts.create), "forum_posts"),
    *with_json(
        "forum_posts/<id:post_id>",
        actions(GET=forum_posts.show, PUT=forum_posts.update, DELETE=forum_posts.hide),
        "forum_post",
    ),
    path("forum_posts/<id:post_id>/edit", actions(GET=forum_posts.edit), name="edit_forum_post"),
    *with_json("forum_posts/<id:post_id>/undelete", actions(POST=forum_posts.unhide), "undelete_forum_post"),
    *with_json(
        "forum_post_votes",
        actions(GET=forum_post_votes.index, POST=forum_post_votes.create),
        "forum_post_votes",
    ),
    *with_json(
        "forum_post_votes/<id:vote_id>",
        actions(GET=forum_post_votes.show, DELETE=forum_post_votes.destroy),
        "forum_post_vote",
    ),
]
