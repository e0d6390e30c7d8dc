"""Reports of dmails and forum posts that break the rules (behaviour E.4, E.6)."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

from django.core.exceptions import ValidationError
from django.http import Http404, JsonResponse
from django.shortcuts import get_object_or_404, render

from booru.models import Dmail, ForumPost, ModerationReport
from booru.models.moderation.moderation_report import REPORTABLE, subjects_of
from booru.web.forum.policies import ForumPostPolicy
from booru.web.http.params import integer, permitted
from booru.web.http.policies import authorize
from booru.web.http.requests import logged_in_user, wants_json
from booru.web.http.responses import created, failed_form, json_list, path_of, refused, saved
from booru.web.limits.rate_limits import limited, write_limit
from booru.web.lists.pagination import paginate
from booru.web.lists.search import search_params, without_blank_fields
from booru.web.mailbox.policies import DmailPolicy
from booru.web.moderation.forms import ModerationReportForm
from booru.web.moderation.limits import moderation_report_limit
from booru.web.moderation.policies import ModerationReportPolicy
from booru.web.moderation.records import moderation_report_record
from booru.web.moderation.searches import MODERATION_REPORT_SEARCH

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse

    from booru.models.moderation.moderation_report import Reportable

_FIELDS = ("model_type", "model_id")


@without_blank_fields
def index(request: HttpRequest) -> HttpResponse:
    authorize(ModerationReportPolicy(request.user).can_index)
    params = search_params(request)
    reports = ModerationReport.objects.select_related("creator", "updater")
    page = paginate(request, MODERATION_REPORT_SEARCH.find(reports, params))
    if wants_json(request):
        return json_list([moderation_report_record(report) for report in page.items])
    subjects = subjects_of(page.items)
    context = {
        "page": page,
        "search": params,
        "reports": [(report, subjects.get(report.pk)) for report in page.items],
        "statuses": [status.name.lower() for status in ModerationReport.Status],
    }
    return render(request, "moderation_reports/index.html", context)


def new(request: HttpRequest) -> HttpResponse:
    values = {name: request.GET.get(f"moderation_report[{name}]", "") for name in _FIELDS}
    authorize(ModerationReportPolicy(request.user).can_create)
    subject = _reportable(request, values["model_type"], values["model_id"])
    return render(
        request,
        "moderation_reports/new.html",
        {"form": ModerationReportForm(initial=values), "subject": subject},
    )


@limited(moderation_report_limit)
def create(request: HttpRequest) -> HttpResponse:
    reporter = logged_in_user(request)
    authorize(ModerationReportPolicy(reporter).can_create)
    form = ModerationReportForm.from_request(request)
    subject = _reportable(request, form.value("model_type"), form.value("model_id"))
    try:
        report = ModerationReport.objects.report(reporter, subject, form.value("reason"))
    except ValidationError as error:
        return failed_form(request, form, "moderation_reports/new.html", {"subject": subject}, error=error)
    return created(request, path_of(subject), moderation_report_record(report), "Report submitted")


def show(request: HttpRequest, report_id: int) -> HttpResponse:
    report = _find(report_id)
    policy = ModerationReportPolicy(request.user, report)
    authorize(policy.can_show)
    if wants_json(request):
        return JsonResponse(moderation_report_record(report))
    context = {"report": report, "policy": policy, "subject": subjects_of([report]).get(report.pk)}
    return render(request, "moderation_reports/show.html", context)


@limited(write_limit)
def update(request: HttpRequest, report_id: int) -> HttpResponse:
    """Handle or reject it."""
    moderator = logged_in_user(request)
    report = _find(report_id)
    authorize(ModerationReportPolicy(moderator, report).can_update)
    word = permitted(request, "moderation_report", ("status",)).get("status", "")
    try:
        report.settle(moderator, _status(word))
    except ValidationError as error:
        return refused(request, path_of(report), error, "Status")
    return saved(request, path_of(report), f"Report {report.status_name}")


def _status(word: str) -> ModerationReport.Status:
    """Back to pending it cannot be."""
    statuses = ModerationReport.Status
    by_word = {status.name.lower(): status for status in (statuses.HANDLED, statuses.REJECTED)}
    if word not in by_word:
        raise ValidationError({"status": "is not included in the list"})
    return by_word[word]


def _reportable(request: HttpRequest, kind: str, record_id: str) -> Reportable:
    """What is to be reported; who may not report it is refused."""
    if kind not in REPORTABLE:
        raise Http404
    record = cast("Reportable", get_object_or_404(REPORTABLE[kind], pk=integer(record_id)))
    authorize(_can_report(request, record))
    return record


def _can_report(request: HttpRequest, record: Reportable) -> bool:
    match record:
        case Dmail():
            return DmailPolicy(request.user, record).can_report
        case ForumPost():
            return ForumPostPolicy(request.user, record).can_report


def _find(report_id: int) -> ModerationReport:
    return get_object_or_404(ModerationReport.objects.select_related("creator", "updater"), pk=report_id)
