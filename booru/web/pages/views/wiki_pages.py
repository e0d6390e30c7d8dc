"""Wiki pages: what a tag means (behaviour D.7)."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from django.core.exceptions import ValidationError
from django.http import Http404, JsonResponse
from django.shortcuts import get_object_or_404, render

from booru.models import Artist, Credit, Post, Tag, TagAlias, WikiPage
from booru.models.pages.wiki_page import normalize_title
from booru.web.http.policies import authorize
from booru.web.http.requests import logged_in_user, wants_json
from booru.web.http.responses import created, failed_form, json_list, path_of, saved
from booru.web.limits.rate_limits import limited, write_limit
from booru.web.lists.pagination import paginate
from booru.web.lists.search import search_params, without_blank_fields
from booru.web.pages.forms import WikiPageForm
from booru.web.pages.policies import WikiPagePolicy
from booru.web.pages.records import wiki_page_record
from booru.web.pages.searches import WIKI_PAGES, without_deleted
from booru.web.posts.searches import visible_posts

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse

_ID = re.compile(r"[0-9]{1,18}", re.ASCII)
_POSTS = 8
_ALIASES = 100
_TITLE_LENGTH = 200


@without_blank_fields
def index(request: HttpRequest) -> HttpResponse:
    params = search_params(request)
    page = paginate(request, WIKI_PAGES.find(WikiPage.objects.all(), without_deleted(params)))
    if wants_json(request):
        return json_list([wiki_page_record(one) for one in page.items])
    context = {"page": page, "search": params, "policy": WikiPagePolicy(request.user)}
    return render(request, "wiki_pages/index.html", context)


def show(request: HttpRequest, title: str) -> HttpResponse:
    """The page of this title. One that nobody wrote yet is shown as such: its tag may well have posts."""
    if wants_json(request):
        return JsonResponse(wiki_page_record(_find(title)))
    title = normalize_title(title)
    wiki_page = WikiPage.objects.titled(title)
    tag = Tag.objects.filter(name=title).first()
    active = TagAlias.objects.active()
    context = {
        "title": title,
        "wiki_page": wiki_page,
        "policy": WikiPagePolicy(request.user, wiki_page),
        "tag": tag,
        "artist": Artist.objects.filter(name=title, is_deleted=False).first(),
        "aliased_to": active.filter(antecedent_name=title).first(),
        "aliases": active.filter(consequent_name=title).order_by("antecedent_name")[:_ALIASES],
        "posts": visible_posts(request, title).ordered()[:_POSTS] if tag else Post.objects.none(),
    }
    status = 200 if wiki_page or tag else 404
    return render(request, "wiki_pages/show.html", context, status=status)


def new(request: HttpRequest) -> HttpResponse:
    policy = WikiPagePolicy(request.user)
    authorize(policy.can_create)
    form = WikiPageForm(initial={"title": request.GET.get("wiki_page[title]", "")[:_TITLE_LENGTH]})
    return render(request, "wiki_pages/new.html", {"form": _kept(form, policy)})


@limited(write_limit)
def create(request: HttpRequest) -> HttpResponse:
    creator = logged_in_user(request)
    policy = WikiPagePolicy(creator)
    authorize(policy.can_create)
    form = WikiPageForm.from_request(request, policy.write_fields)
    try:
        wiki_page = WikiPage.objects.make(Credit(creator), **form.record_fields())
    except ValidationError as error:
        form.reject(error)
        return failed_form(request, _kept(form, policy), "wiki_pages/new.html")
    return created(request, path_of(wiki_page), wiki_page_record(wiki_page), "Wiki page created")


def edit(request: HttpRequest, page_id: int) -> HttpResponse:
    wiki_page = get_object_or_404(WikiPage, pk=page_id)
    policy = WikiPagePolicy(request.user, wiki_page)
    authorize(policy.can_update)
    form = WikiPageForm(
        initial={
            "title": wiki_page.title,
            "other_names": " ".join(wiki_page.other_names),
            "body": wiki_page.body,
            "is_locked": str(wiki_page.is_locked).lower(),
        }
    )
    return render(request, "wiki_pages/edit.html", {"wiki_page": wiki_page, "form": _kept(form, policy)})


@limited(write_limit)
def update(request: HttpRequest, title: str) -> HttpResponse:
    editor = logged_in_user(request)
    wiki_page = _find(title)
    policy = WikiPagePolicy(editor, wiki_page)
    authorize(policy.can_update)
    form = WikiPageForm.from_request(request, policy.write_fields)
    try:
        wiki_page.update(Credit(editor), **form.record_fields())
    except ValidationError as error:
        form.reject(error)
        wiki_page = get_object_or_404(WikiPage, pk=wiki_page.pk)
        return failed_form(request, _kept(form, policy), "wiki_pages/edit.html", {"wiki_page": wiki_page})
    return saved(request, path_of(wiki_page), "Wiki page updated")


@limited(write_limit)
def destroy(request: HttpRequest, title: str) -> HttpResponse:
    deleter = logged_in_user(request)
    wiki_page = _find(title)
    authorize(WikiPagePolicy(deleter, wiki_page).can_destroy)
    wiki_page.update(Credit(deleter), is_deleted=True)
    return saved(request, path_of(wiki_page), "Wiki page deleted")


def _find(title_or_id: str) -> WikiPage:
    """The page of this title; a number that is no title is an id."""
    wiki_page = WikiPage.objects.titled(title_or_id)
    if wiki_page is None and _ID.fullmatch(title_or_id):
        wiki_page = WikiPage.objects.filter(pk=int(title_or_id)).first()
    if wiki_page is None:
        raise Http404
    return wiki_page


def _kept(form: WikiPageForm, policy: WikiPagePolicy) -> WikiPageForm:
    form.keep(*policy.write_fields)
    return form
