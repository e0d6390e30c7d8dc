"""Artists: who made the posts of an artist tag (behaviour D.7)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.core.exceptions import ValidationError
from django.http import JsonResponse
from django.shortcuts import get_object_or_404, render

from booru.models import Artist, Credit, Tag, WikiPage
from booru.rules.tag_names import MAX_LENGTH
from booru.web.http.policies import authorize
from booru.web.http.requests import logged_in_user, wants_json
from booru.web.http.responses import created, failed_form, json_list, path_of, saved
from booru.web.limits.rate_limits import limited, write_limit
from booru.web.lists.pagination import paginate
from booru.web.lists.search import search_params, without_blank_fields
from booru.web.pages.forms import ArtistForm
from booru.web.pages.policies import ArtistPolicy
from booru.web.pages.records import artist_record
from booru.web.pages.searches import ARTISTS, without_deleted
from booru.web.posts.searches import visible_posts

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse

_POSTS = 8


@without_blank_fields
def index(request: HttpRequest) -> HttpResponse:
    params = search_params(request)
    page = paginate(request, ARTISTS.find(Artist.objects.all(), without_deleted(params)))
    if wants_json(request):
        return json_list([artist_record(artist) for artist in page.items])
    context = {"page": page, "search": params, "policy": ArtistPolicy(request.user)}
    return render(request, "artists/index.html", context)


def show(request: HttpRequest, artist_id: int) -> HttpResponse:
    artist = get_object_or_404(Artist, pk=artist_id)
    if wants_json(request):
        return JsonResponse(artist_record(artist))
    context = {
        "artist": artist,
        "policy": ArtistPolicy(request.user, artist),
        "tag": Tag.objects.filter(name=artist.name).first(),
        "wiki_page": WikiPage.objects.filter(title=artist.name, is_deleted=False).first(),
        "urls": [(url.removeprefix("-"), url.startswith("-")) for url in artist.urls],
        "posts": visible_posts(request, artist.name).ordered()[:_POSTS],
    }
    return render(request, "artists/show.html", context)


def new(request: HttpRequest) -> HttpResponse:
    authorize(ArtistPolicy(request.user).can_create)
    form = ArtistForm(initial={"name": request.GET.get("artist[name]", "")[:MAX_LENGTH]})
    return render(request, "artists/new.html", {"form": form})


@limited(write_limit)
def create(request: HttpRequest) -> HttpResponse:
    creator = logged_in_user(request)
    policy = ArtistPolicy(creator)
    authorize(policy.can_create)
    form = ArtistForm.from_request(request, policy.write_fields)
    try:
        artist = Artist.objects.make(Credit(creator), **form.record_fields())
    except ValidationError as error:
        return failed_form(request, form, "artists/new.html", error=error)
    return created(request, path_of(artist), artist_record(artist), "Artist created")


def edit(request: HttpRequest, artist_id: int) -> HttpResponse:
    artist = get_object_or_404(Artist, pk=artist_id)
    authorize(ArtistPolicy(request.user, artist).can_update)
    form = ArtistForm(
        initial={
            "name": artist.name,
            "group_name": artist.group_name,
            "other_names": " ".join(artist.other_names),
            "urls": "\n".join(artist.urls),
        }
    )
    return render(request, "artists/edit.html", {"artist": artist, "form": form})


@limited(write_limit)
def update(request: HttpRequest, artist_id: int) -> HttpResponse:
    editor = logged_in_user(request)
    artist = get_object_or_404(Artist, pk=artist_id)
    policy = ArtistPolicy(editor, artist)
    authorize(policy.can_update)
    form = ArtistForm.from_request(request, policy.write_fields)
    try:
        artist.update(Credit(editor), **form.record_fields())
    except ValidationError as error:
        artist = get_object_or_404(Artist, pk=artist_id)
        return failed_form(request, form, "artists/edit.html", {"artist": artist}, error=error)
    return saved(request, path_of(artist), "Artist updated")


@limited(write_limit)
def destroy(request: HttpRequest, artist_id: int) -> HttpResponse:
    deleter = logged_in_user(request)
    artist = get_object_or_404(Artist, pk=artist_id)
    authorize(ArtistPolicy(deleter, artist).can_destroy)
    artist.update(Credit(deleter), is_deleted=True)
    return saved(request, path_of(artist), "Artist deleted")
