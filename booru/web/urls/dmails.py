"""Dmails, and reports of those that break the rules."""

from django.urls import path

from booru.web.http.actions import actions
from booru.web.http.routes import with_json
from booru.web.views import moderation_reports

urlpatterns = [
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
