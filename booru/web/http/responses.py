"""The answers that views share: notices, redirects, failed forms, JSON."""

from __future__ import annotations

from http import HTTPStatus
from typing import TYPE_CHECKING, Any

from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect, JsonResponse
from django.shortcuts import render

from booru.web.http.requests import wants_json

if TYPE_CHECKING:
    from django.core.exceptions import ValidationError
    from django.db.models import Model
    from django.http import HttpRequest

    from booru.web.http.forms import BooruForm

_NOTICE_LENGTH = 500


def redirect_with_notice(
    request: HttpRequest, to: str, notice: str = "", *, status: int = HTTPStatus.FOUND
) -> HttpResponse:
    """Send the browser on, with a line to show there."""
    if notice:
        messages.info(request, notice)
    response = HttpResponseRedirect(to)
    response.status_code = status
    return response


def saved(request: HttpRequest, to: str, notice: str = "") -> HttpResponse:
    """A change was made: an empty 204 for programs, a redirect with a notice for people (behaviour 0.3)."""
    if wants_json(request):
        return HttpResponse(status=HTTPStatus.NO_CONTENT)
    return redirect_with_notice(request, to, notice)


def created(request: HttpRequest, to: str, record: dict[str, Any], notice: str = "") -> HttpResponse:
    """Something new was made: 201 with the record, or a redirect to it (behaviour 0.3)."""
    if wants_json(request):
        return JsonResponse(record, status=HTTPStatus.CREATED)
    return redirect_with_notice(request, to, notice)


def failed_form(
    request: HttpRequest,
    form: BooruForm,
    template: str,
    context: dict[str, Any] | None = None,
    error: ValidationError | None = None,
) -> HttpResponse:
    """Show the form again with what was typed and what is wrong; programs get 422 (behaviour 0.3).

    `error` is what was wrong with it beside what the form knows already.
    """
    if error is not None:
        form.reject(error)
    response: HttpResponse
    if wants_json(request):
        errors = {"errors": form.errors_by_attribute()}
        response = JsonResponse(errors, status=HTTPStatus.UNPROCESSABLE_ENTITY)
    else:
        messages.error(request, form.full_messages()[0][:_NOTICE_LENGTH])
        response = render(request, template, {**(context or {}), "form": form})
    # For booru.web.limits.rate_limits, which may count it apart.
    response.is_refused_form = True  # type: ignore[attr-defined]
    return response


def refused(request: HttpRequest, to: str, error: ValidationError, label: str = "") -> HttpResponse:
    """Something could not be done: 422 for programs, the way back with what is wrong for people."""
    if wants_json(request):
        errors = error.message_dict if hasattr(error, "error_dict") else {"base": error.messages}
        return JsonResponse({"errors": errors}, status=HTTPStatus.UNPROCESSABLE_ENTITY)
    messages.error(request, f"{label} {error.messages[0]}".strip()[:_NOTICE_LENGTH])
    return HttpResponseRedirect(to)


def json_list(records: list[dict[str, Any]]) -> JsonResponse:
    return JsonResponse(records, safe=False)


def path_of(record: Model) -> str:
    """Where a record is shown."""
    return str(record.get_absolute_url())  # type: ignore[attr-defined]
