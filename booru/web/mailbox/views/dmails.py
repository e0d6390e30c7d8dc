"""Dmails: private messages (behaviour E)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.core.exceptions import ValidationError
from django.http import JsonResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse

from booru.models import Dmail, User
from booru.rules.truth_values import truth_value
from booru.services.mailbox.dmail_delivery import send_dmail
from booru.web.http.params import integer, permitted
from booru.web.http.policies import authorize
from booru.web.http.requests import current_user, local_url, logged_in_user, wants_json
from booru.web.http.responses import created, failed_form, json_list, path_of, saved
from booru.web.limits.rate_limits import limited, write_limit
from booru.web.lists.pagination import paginate
from booru.web.lists.search import search_params, without_blank_fields
from booru.web.mailbox.dmail_folders import folder_tabs
from booru.web.mailbox.dmail_replies import reply_values
from booru.web.mailbox.forms import DmailForm
from booru.web.mailbox.limits import dmail_limit
from booru.web.mailbox.policies import DmailPolicy
from booru.web.mailbox.records import dmail_record
from booru.web.mailbox.searches import search_dmails
from booru.web.mailbox.unread_notice import hide_unread_notice

if TYPE_CHECKING:
    from django.db.models import QuerySet
    from django.http import HttpRequest, HttpResponse

_EARLIER = 20


@without_blank_fields
def index(request: HttpRequest) -> HttpResponse:
    viewer = logged_in_user(request)
    params = search_params(request)
    found = search_dmails(Dmail.objects.filter(owner=viewer), params)
    page = paginate(request, found.select_related("from_user", "to_user"))
    if wants_json(request):
        return json_list([dmail_record(dmail) for dmail in page.items])
    context = {
        "page": page,
        "tabs": folder_tabs(viewer, params),
        "search": params,
        "policy": DmailPolicy(viewer),
    }
    return render(request, "dmails/index.html", context)


def new(request: HttpRequest) -> HttpResponse:
    authorize(DmailPolicy(request.user).can_create)
    values = {name: request.GET.get(f"dmail[{name}]", "") for name in ("to_name", "to_id", "title", "body")}
    if not values["to_name"] and (recipient := _by_id(values["to_id"])):
        values["to_name"] = recipient.name
    if respond_to := request.GET.get("respond_to_id"):
        original = get_object_or_404(Dmail, pk=integer(respond_to))
        authorize(DmailPolicy(request.user, original).can_show)
        values |= reply_values(original, forward=truth_value(request.GET.get("forward", "")) is True)
    return render(request, "dmails/new.html", {"form": DmailForm(initial=values)})


@limited(dmail_limit)
def create(request: HttpRequest) -> HttpResponse:
    sender = logged_in_user(request)
    authorize(DmailPolicy(sender).can_create)
    form = DmailForm.from_request(request)
    try:
        dmail = send_dmail(sender, _recipient(form), form.value("title"), form.value("body"))
    except ValidationError as error:
        return failed_form(request, form, "dmails/new.html", error=error)
    return created(request, path_of(dmail), dmail_record(dmail), "Message sent")


def show(request: HttpRequest, dmail_id: int) -> HttpResponse:
    """Only the owner's look at the page makes it read: not a program's, nor that of somebody with a key."""
    dmail = get_object_or_404(Dmail.objects.select_related("owner", "from_user", "to_user"), pk=dmail_id)
    policy = DmailPolicy(request.user, dmail)
    if key := request.GET.get("key"):
        authorize(Dmail.objects.by_key(key) == dmail)
    else:
        authorize(policy.can_show)
    if wants_json(request):
        return JsonResponse(dmail_record(dmail))
    viewer = current_user(request)
    if viewer and policy.can_update and not dmail.is_read:
        dmail.mark_read(True)
        # The page itself shall show the new count.
        viewer.refresh_from_db(fields=["unread_dmail_count"])
    return render(
        request, "dmails/show.html", {"dmail": dmail, "policy": policy, "earlier": _earlier(policy)}
    )


@limited(write_limit)
def update(request: HttpRequest, dmail_id: int) -> HttpResponse:
    """Mark read or unread, delete or undelete."""
    dmail = get_object_or_404(Dmail, pk=dmail_id)
    authorize(DmailPolicy(request.user, dmail).can_update)
    sent = permitted(request, "dmail", ("is_read", "is_deleted"))
    flags = {name: truth_value(text) for name, text in sent.items()}
    dmail.set_flags(**{name: value for name, value in flags.items() if value is not None})
    # The message's own page would mark it read again.
    to = path_of(dmail) if dmail.is_read and not dmail.is_deleted else reverse("dmails")
    return saved(request, to, "Dmail updated")


@limited(write_limit)
def mark_all_as_read(request: HttpRequest) -> HttpResponse:
    viewer = logged_in_user(request)
    authorize(DmailPolicy(viewer).can_mark_all_as_read)
    Dmail.objects.mark_all_as_read(viewer)
    return saved(request, reverse("dmails"), "All dmails marked as read")


def hide_notice(request: HttpRequest) -> HttpResponse:
    """Show the notice of unread messages no more, until there is a newer one."""
    logged_in_user(request)
    fields = permitted(request, "dmail_notice", ("dmail_id", "url"))
    response = saved(request, local_url(fields.get("url", "")) or reverse("dmails"))
    hide_unread_notice(response, integer(fields.get("dmail_id", "")) or 0)
    return response


def _earlier(policy: DmailPolicy) -> QuerySet[Dmail] | None:
    """The rest of the conversation, for the owner of the mailbox."""
    dmail = policy.record
    if dmail is None or not policy.can_update or dmail.is_automated:
        return None
    return dmail.others_of_conversation().select_related("from_user", "to_user")[:_EARLIER]


def _recipient(form: DmailForm) -> User | None:
    if name := form.value("to_name").strip():
        return User.objects.by_name(name)
    return _by_id(form.value("to_id"))


def _by_id(text: str) -> User | None:
    return User.objects.filter(pk=integer(text) or 0).first()
