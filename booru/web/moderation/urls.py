"""Bans, feedback, reports, and moderators' actions."""

from django.urls import path

from booru.web.http.actions import actions
from booru.web.http.routes import with_json
from booru.web.moderation.views import bans, mod_actions, moderation_reports, user_feedbacks

urlpatterns = [
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
    *with_json("mod_actions", actions(GET=mod_actions.index), "mod_actions"),
    *with_json("mod_actions/<id:action_id>", actions(GET=mod_actions.show), "mod_action"),
]
