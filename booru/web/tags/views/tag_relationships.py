"""Tag aliases and tag implications, whose pages differ only in their words (behaviour B.1)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.http import JsonResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse

from booru.models import Credit, TagAlias, TagImplication
from booru.models.tag_relationships.tag_relationship import TagRelationship
from booru.models.tags.tag import Tag, TagCategory
from booru.web.http.actions import actions
from booru.web.http.policies import authorize
from booru.web.http.requests import logged_in_user, wants_json
from booru.web.http.responses import json_list, saved
from booru.web.limits.rate_limits import limited, write_limit
from booru.web.lists.pagination import paginate
from booru.web.lists.search import search_params, without_blank_fields
from booru.web.tags.policies import TagRelationshipPolicy
from booru.web.tags.records import tag_relationship_record
from booru.web.tags.searches import ORDERS, search_tag_relationships

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse

    from booru.web.http.actions import Action

    Model = type[TagAlias] | type[TagImplication]


def listing_of(model: Model) -> Action:
    @without_blank_fields
    def index(request: HttpRequest) -> HttpResponse:
        params = search_params(request)
        page = paginate(request, search_tag_relationships(model._default_manager.all(), params))
        if wants_json(request):
            return json_list([tag_relationship_record(relationship) for relationship in page.items])
        context = {
            "page": page,
            "search": params,
            "words": _words(model),
            "statuses": TagRelationship.Status.values,
            "categories": TagCategory.choices,
            "orders": ORDERS,
            "rows": _with_tags(page.items),
        }
        return render(request, "tag_relationships/index.html", context)

    return actions(GET=_of(model, index))


def page_of(model: Model) -> Action:
    def show(request: HttpRequest, relationship_id: int) -> HttpResponse:
        relationship = _find(model, relationship_id)
        if wants_json(request):
            return JsonResponse(tag_relationship_record(relationship))
        context = {
            "row": _with_tags([relationship])[0],
            "words": _words(model),
            "policy": TagRelationshipPolicy(request.user, relationship),
        }
        return render(request, "tag_relationships/show.html", context)

    @limited(write_limit)
    def destroy(request: HttpRequest, relationship_id: int) -> HttpResponse:
        """Reject it; deleting what is deleted already changes nothing."""
        admin = logged_in_user(request)
        relationship = _find(model, relationship_id)
        authorize(TagRelationshipPolicy(admin, relationship).can_destroy)
        if relationship.status != TagRelationship.Status.DELETED:
            relationship.reject(Credit(admin))
        words = _words(model)
        return saved(request, words["url"], f"{words['one'].capitalize()} was deleted")

    return actions(GET=_of(model, show), DELETE=_of(model, destroy))


def _of(model: Model, action: Action) -> Action:
    """What an API key may do with the one kind, it need not with the other."""
    action.subject = _list_of(model)  # type: ignore[attr-defined]
    return action


def _list_of(model: Model) -> str:
    return "tag_aliases" if model is TagAlias else "tag_implications"


def _words(model: Model) -> dict[str, str]:
    one, page = ("tag alias", "tag_alias") if model is TagAlias else ("tag implication", "tag_implication")
    many = f"{one}es" if model is TagAlias else f"{one}s"
    route = _list_of(model)
    return {"one": one, "many": many, "page": page, "list": route, "url": reverse(route)}


def _with_tags(relationships: list[Any]) -> list[dict[str, Any]]:
    """Each with its two tags, which are all read with one query; a name may have lost its tag."""
    names = {name for one in relationships for name in (one.antecedent_name, one.consequent_name)}
    tags = {name: Tag(name=name) for name in names} | {
        tag.name: tag for tag in Tag.objects.filter(name__in=names)
    }
    return [
        {
            "relationship": one,
            "antecedent": tags[one.antecedent_name],
            "consequent": tags[one.consequent_name],
        }
        for one in relationships
    ]


def _find(model: Model, relationship_id: int) -> TagAlias | TagImplication:
    records = model._default_manager.select_related("creator", "approver", "forum_topic", "forum_post")
    return get_object_or_404(records, pk=relationship_id)  # type: ignore[return-value]
