"""Dmails, and reports of those that break the rules."""

from django.urls import path

from booru.web.http.actions import actions
from booru.web.http.routes import with_json
from booru.web.views import dmails, moderation_reports

urlpatterns = [
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
]
