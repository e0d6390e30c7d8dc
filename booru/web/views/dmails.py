"""Dmails: private messages (behaviour E)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.core.exceptions import ValidationError
from django.http import JsonResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse

from booru.models import Dmail, User
from booru.text import truth_value
from booru.web.dmail_replies import reply_values
from booru.web.dmail_search import search_dmails
from booru.web.forms.dmails import DmailForm
from booru.web.json_records import dmail_record
from booru.web.pagination import paginate
from booru.web.params import permitted
from booru.web.policies import DmailPolicy, authorize
from booru.web.rate_limits import dmail_limit, limited, write_limit
from booru.web.requests import current_user, logged_in_user, wants_json
from booru.web.responses import created, failed_form, json_list, path_of, redirect_with_notice, saved
from booru.web.search import search_params, without_blank_fields

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse

FOLDERS = ("all", "received", "unread", "sent", "deleted")


@without_blank_fields
def index(request: HttpRequest) -> HttpResponse:
    viewer = logged_in_user(request)
    params = search_params(request)
    found = search_dmails(Dmail.objects.filter(owner=viewer), params)
    page = paginate(request, found.select_related("from_user", "to_user"))
    if wants_json(request):
        return json_list([dmail_record(dmail) for dmail in page.items])
    folder = params.get("folder", "all")
    context = {
        "page": page,
        "folders": FOLDERS,
        "folder": folder if folder in FOLDERS else "all",
        "search": params,
        "policy": DmailPolicy(viewer),
    }
    return render(request, "dmails/index.html", context)


def new(request: HttpRequest) -> HttpResponse:
    authorize(DmailPolicy(request.user).can_create)
    values = {name: request.GET.get(f"dmail[{name}]", "") for name in ("to_name", "to_id", "title", "body")}
    if respond_to := request.GET.get("respond_to_id"):
        original = get_object_or_404(Dmail, pk=_record_id(respond_to))
        authorize(DmailPolicy(request.user, original).can_show)
        values |= reply_values(original, forward=truth_value(request.GET.get("forward", "")) is True)
    return render(request, "dmails/new.html", {"form": DmailForm(initial=values)})


@limited(dmail_limit)
def create(request: HttpRequest) -> HttpResponse:
    sender = logged_in_user(request)
    authorize(DmailPolicy(sender).can_create)
    form = DmailForm.from_request(request)
    try:
        dmail = Dmail.objects.send(sender, _recipient(form), form.value("title"), form.value("body"))
    except ValidationError as error:
        form.reject(error)
        return failed_form(request, form, "dmails/new.html")
    return created(request, path_of(dmail), dmail_record(dmail), "Message sent")


def show(request: HttpRequest, dmail_id: int) -> HttpResponse:
    """Only the owner's look at the page makes it read: not a program's, nor that of somebody with a key."""
    dmail = get_object_or_404(Dmail.objects.select_related("owner", "from_user", "to_user"), pk=dmail_id)
    policy = DmailPolicy(request.user, dmail)
    if "key" in request.GET:
        authorize(Dmail.objects.by_key(request.GET["key"]) == dmail)
    else:
        authorize(policy.can_show)
    if wants_json(request):
        return JsonResponse(dmail_record(dmail))
    viewer = current_user(request)
    if viewer and policy.can_update and not dmail.is_read:
        dmail.mark_read(True)
        # The page itself shall show the new count.
        viewer.refresh_from_db(fields=["unread_dmail_count"])
    return render(request, "dmails/show.html", {"dmail": dmail, "policy": policy})


@limited(write_limit)
def update(request: HttpRequest, dmail_id: int) -> HttpResponse:
    """Mark read or unread, delete or undelete."""
    dmail = get_object_or_404(Dmail, pk=dmail_id)
    authorize(DmailPolicy(request.user, dmail).can_update)
    sent = permitted(request, "dmail", ("is_read", "is_deleted"))
    is_read, is_deleted = (truth_value(sent.get(name, "")) for name in ("is_read", "is_deleted"))
    if is_read is not None:
        dmail.is_read = is_read
    if is_deleted is not None:
        dmail.is_deleted = is_deleted
    dmail.save()
    # The message's own page would mark it read again.
    to = path_of(dmail) if dmail.is_read and not dmail.is_deleted else reverse("dmails")
    return saved(request, to, "Dmail updated")


@limited(write_limit)
def mark_all_as_read(request: HttpRequest) -> HttpResponse:
    viewer = logged_in_user(request)
    authorize(DmailPolicy(viewer).can_mark_all_as_read)
    Dmail.objects.mark_all_as_read(viewer)
    return redirect_with_notice(request, reverse("dmails"), "All dmails marked as read")


def _recipient(form: DmailForm) -> User | None:
    if name := form.value("to_name").strip():
        return User.objects.by_name(name)
    record_id = form.value("to_id")
    return User.objects.filter(pk=_record_id(record_id)).first() if record_id else None


def _record_id(text: str) -> int:
    """The number of a record; one that no record has when the text is not a number."""
    return int(text) if text.isascii() and text.isdigit() and len(text) <= 18 else 0
