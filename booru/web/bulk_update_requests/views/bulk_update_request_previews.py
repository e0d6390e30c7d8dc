"""What a script looks like and what it would do, before it is requested or approved; nothing is saved."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.http import JsonResponse
from django.shortcuts import get_object_or_404, render

from booru.bulk_update.dry_run import dry_run
from booru.bulk_update.preview import preview_script
from booru.models import BulkUpdateRequest
from booru.web.bulk_update_requests.forms import AdminScriptForm, BulkUpdateRequestForm
from booru.web.bulk_update_requests.limits import limit_script, preview_limit
from booru.web.bulk_update_requests.policies import BulkUpdateRequestPolicy
from booru.web.bulk_update_requests.records import line_plan_record, preview_record
from booru.web.bulk_update_requests.shown_commands import shown_commands
from booru.web.bulk_update_requests.views.bulk_update_requests import find_request, find_topic, script_form
from booru.web.http.params import permitted
from booru.web.http.policies import authorize
from booru.web.http.requests import wants_json
from booru.web.limits.rate_limits import limited

if TYPE_CHECKING:
    from collections.abc import Mapping

    from django.http import HttpRequest, HttpResponse

    from booru.bulk_update.kinds.command import Command
    from booru.bulk_update.preview import ScriptPreview

_ROOT = "bulk_update_requests"
# Those of any form that may ask.
_FIELDS = {*BulkUpdateRequestForm.base_fields, *AdminScriptForm.base_fields}


@limited(preview_limit)
def preview_new(request: HttpRequest) -> HttpResponse:
    """The form of a new request, with its preview."""
    authorize(BulkUpdateRequestPolicy(request.user).can_create)
    form = BulkUpdateRequestForm.from_request(request)
    topic = find_topic(form.value("forum_topic_id"))
    return _answer(request, form.value("script"), f"{_ROOT}/new.html", {"form": form, "topic": topic})


@limited(preview_limit)
def preview_edit(request: HttpRequest, bur_id: int) -> HttpResponse:
    """The form of a request that is changed, with its preview."""
    bur = find_request(bur_id)
    policy = BulkUpdateRequestPolicy(request.user, bur)
    authorize(policy.can_update)
    form = script_form(policy).from_request(request)
    return _answer(request, form.value("script"), f"{_ROOT}/edit.html", {"form": form, "bur": bur})


@limited(preview_limit)
def dry_run_of_script(request: HttpRequest) -> HttpResponse:
    """What a script that was only typed would do; for the preview, which comes without."""
    authorize(BulkUpdateRequestPolicy(request.user).can_create)
    script = permitted(request, "bulk_update_request", _FIELDS).get("script", "")
    limit_script(request, script, is_dry_run=True)
    shown = preview_script(script)
    return render(request, f"{_ROOT}/plans.html", {"plans": _plans(shown.good_commands)})


@limited(preview_limit)
def dry_run_of_request(request: HttpRequest, bur_id: int) -> HttpResponse:
    """What a request would do that is not approved; of one that has failed, what is left of it."""
    bur = get_object_or_404(BulkUpdateRequest, pk=bur_id)
    authorize(BulkUpdateRequestPolicy(request.user, bur).can_dry_run)
    limit_script(request, bur.script, is_dry_run=True)
    commands = bur.processor.commands_to_do
    if wants_json(request):
        return JsonResponse([line_plan_record(plan) for plan in dry_run(commands)], safe=False)
    template = "plans" if request.htmx else "dry_run"  # type: ignore[attr-defined]
    return render(request, f"{_ROOT}/{template}.html", {"bur": bur, "plans": _plans(commands)})


def _answer(request: HttpRequest, script: str, template: str, context: dict[str, Any]) -> HttpResponse:
    """For htmx only the preview, which asks for the dry run; without JavaScript the page, with all of it."""
    has_dry_run = not (wants_json(request) or request.htmx)  # type: ignore[attr-defined]
    limit_script(request, script, is_dry_run=has_dry_run)
    shown = preview_script(script)
    if wants_json(request):
        return JsonResponse(preview_record(shown))
    context |= {"preview": shown, "preview_lines": _lines(shown)}
    if request.htmx:  # type: ignore[attr-defined]
        return render(request, f"{_ROOT}/preview.html", context)
    return render(request, template, {**context, "plans": _plans(shown.good_commands)})


def _lines(shown: ScriptPreview) -> list[dict[str, Any]]:
    html = shown_commands([line.command for line in shown.lines])
    return [{"html": text, "errors": line.errors} for text, line in zip(html, shown.lines, strict=True)]


def _plans(commands: Mapping[int, Command]) -> list[dict[str, Any]]:
    plans = dry_run(commands)
    html = shown_commands(commands.values())
    return [{"html": text, "plan": plan} for text, plan in zip(html, plans, strict=True)]
