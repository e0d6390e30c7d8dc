"""Tags: the list, one tag, and changes of its category (behaviour C)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.http import JsonResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse

from booru.models import Credit, ModAction, Tag, TagAlias, TagImplication, User, WikiPage
from booru.models.tags.tag import TagCategory
from booru.rules.truth_values import truth_value
from booru.web.http.policies import authorize
from booru.web.http.requests import logged_in_user, wants_json
from booru.web.http.responses import failed_form, json_list, saved
from booru.web.limits.rate_limits import limited, write_limit
from booru.web.lists.pagination import paginate
from booru.web.lists.search import search_params, without_blank_fields
from booru.web.tags.forms import TagForm
from booru.web.tags.policies import TagPolicy
from booru.web.tags.records import tag_record
from booru.web.tags.searches import TAG_SEARCH

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse

_ORDERS = ("count", "name", "date")
_RELATED = 100  # aliases or implications shown of one tag


@without_blank_fields
def index(request: HttpRequest) -> HttpResponse:
    params = search_params(request)
    if wants_json(request):
        found = paginate(request, TAG_SEARCH.find(Tag.objects.all(), params))
        return json_list([tag_record(tag) for tag in found.items])
    params = {"order": "count"} | params
    page = paginate(request, TAG_SEARCH.find(Tag.objects.all(), params))
    context = {"page": page, "search": params, "categories": TagCategory.choices, "orders": _ORDERS}
    return render(request, "tags/index.html", context)


def show(request: HttpRequest, tag_id: int) -> HttpResponse:
    tag = get_object_or_404(Tag, pk=tag_id)
    if wants_json(request):
        return JsonResponse(tag_record(tag))
    aliases, implications = TagAlias.objects.active(), TagImplication.objects.active()
    context = {
        "tag": tag,
        "policy": TagPolicy(request.user, tag),
        "has_wiki_page": WikiPage.objects.filter(title=tag.name, is_deleted=False).exists(),
        "relationships": [
            ("Alias of", aliases.filter(antecedent_name=tag.name)[:_RELATED], "consequent_name"),
            ("Aliases", aliases.filter(consequent_name=tag.name)[:_RELATED], "antecedent_name"),
            ("Implies", implications.filter(antecedent_name=tag.name)[:_RELATED], "consequent_name"),
            ("Implied by", implications.filter(consequent_name=tag.name)[:_RELATED], "antecedent_name"),
        ],
    }
    return render(request, "tags/show.html", context)


def edit(request: HttpRequest, tag_id: int) -> HttpResponse:
    tag = get_object_or_404(Tag, pk=tag_id)
    policy = TagPolicy(request.user, tag)
    authorize(policy.can_update)
    form = TagForm(initial={"category": tag.category, "is_deprecated": str(tag.is_deprecated).lower()})
    form.keep(*policy.update_fields)
    return render(request, "tags/edit.html", {"tag": tag, "form": form})


@limited(write_limit)
def update(request: HttpRequest, tag_id: int) -> HttpResponse:
    editor = logged_in_user(request)
    tag = get_object_or_404(Tag, pk=tag_id)
    policy = TagPolicy(editor, tag)
    authorize(policy.can_update)
    form = TagForm.from_request(request, policy.update_fields)
    try:
        _change(tag, editor, _values(form))
    except ValidationError as error:
        form.reject(error)
        form.keep(*policy.update_fields)
        return failed_form(request, form, "tags/edit.html", {"tag": tag})
    return saved(request, reverse("tag", args=[tag.pk]), "Tag updated")


@transaction.atomic
def _change(tag: Tag, editor: User, values: dict[str, Any]) -> None:
    was_deprecated = tag.is_deprecated
    tag.update(Credit(editor), **values)
    if tag.is_deprecated != was_deprecated:
        categories = ModAction.Category
        category = categories.TAG_DEPRECATE if tag.is_deprecated else categories.TAG_UNDEPRECATE
        what = "deprecated" if tag.is_deprecated else "not deprecated"
        ModAction.objects.log(editor, category, f"marked the tag [[{tag.name}]] as {what}", tag)


def _values(form: TagForm) -> dict[str, Any]:
    """What was sent, as the model takes it; -1 stands for a category that is none."""
    values: dict[str, Any] = {}
    if form.sent("category"):
        word = form.value("category")
        category = TagCategory.from_word(word)
        values["category"] = -1 if category is None else category
    if form.sent("is_deprecated"):
        values["is_deprecated"] = truth_value(form.value("is_deprecated")) is True
    return values
