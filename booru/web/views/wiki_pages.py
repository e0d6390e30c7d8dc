"""Wiki pages: what a tag means."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.shortcuts import render

from booru.models import Post, Tag, TagAlias, WikiPage
from booru.models.wiki_page import normalize_title
from booru.posts.search import PostSearch

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse


def show(request: HttpRequest, title: str) -> HttpResponse:
    """The page of this title. One that nobody wrote yet is shown as such: its tag may well have posts."""
    title = normalize_title(title)
    wiki_page = WikiPage.objects.filter(title=title, is_deleted=False).first()
    tag = Tag.objects.filter(name=title).first()
    active = TagAlias.objects.filter(status=TagAlias.Status.ACTIVE)
    context = {
        "title": title,
        "wiki_page": wiki_page,
        "tag": tag,
        "aliased_to": active.filter(antecedent_name=title).first(),
        "aliases": active.filter(consequent_name=title).order_by("antecedent_name")[:100],
        "posts": PostSearch(title).ordered()[:8] if tag else Post.objects.none(),
    }
    status = 200 if wiki_page or tag else 404
    return render(request, "wiki_pages/show.html", context, status=status)
