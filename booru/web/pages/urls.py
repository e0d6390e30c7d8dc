"""Wiki pages, pools, artists and saved searches."""

from django.urls import path

from booru.web.http.actions import actions
from booru.web.http.routes import with_json
from booru.web.pages.views import artists, dtext_previews, pools, record_versions, saved_searches, wiki_pages

urlpatterns = [
    *with_json("wiki_pages", actions(GET=wiki_pages.index, POST=wiki_pages.create), "wiki_pages"),
    path("wiki_pages/new", actions(GET=wiki_pages.new), name="new_wiki_page"),
    path("wiki_pages/<id:page_id>/edit", actions(GET=wiki_pages.edit), name="edit_wiki_page"),
    # A title may have slashes in it; `.json` is looked for first.
    path(
        "wiki_pages/<path:title>.json",
        actions(GET=wiki_pages.show, PUT=wiki_pages.update, DELETE=wiki_pages.destroy),
    ),
    path(
        "wiki_pages/<path:title>",
        actions(GET=wiki_pages.show, PUT=wiki_pages.update, DELETE=wiki_pages.destroy),
        name="wiki_page",
    ),
    *with_json("wiki_page_versions", actions(GET=record_versions.wiki_pages), "wiki_page_versions"),
    *with_json("pools", actions(GET=pools.index, POST=pools.create), "pools"),
    path("pools/new", actions(GET=pools.new), name="new_pool"),
    *with_json("pools/<id:pool_id>", actions(GET=pools.show, PUT=pools.update, DELETE=pools.destroy), "pool"),
    path("pools/<id:pool_id>/edit", actions(GET=pools.edit), name="edit_pool"),
    *with_json("pool_versions", actions(GET=record_versions.pools), "pool_versions"),
    *with_json("artists", actions(GET=artists.index, POST=artists.create), "artists"),
    path("artists/new", actions(GET=artists.new), name="new_artist"),
    *with_json(
        "artists/<id:artist_id>",
        actions(GET=artists.show, PUT=artists.update, DELETE=artists.destroy),
        "artist",
    ),
    path("artists/<id:artist_id>/edit", actions(GET=artists.edit), name="edit_artist"),
    *with_json("artist_versions", actions(GET=record_versions.artists), "artist_versions"),
    # The form that it previews may be one of an update.
    path(
        "dtext_preview",
        actions(POST=dtext_previews.create, PUT=dtext_previews.create),
        name="dtext_preview",
    ),
    *with_json(
        "saved_searches", actions(GET=saved_searches.index, POST=saved_searches.create), "saved_searches"
    ),
    *with_json(
        "saved_searches/<id:search_id>",
        actions(PUT=saved_searches.update, DELETE=saved_searches.destroy),
        "saved_search",
    ),
    path("saved_searches/<id:search_id>/edit", actions(GET=saved_searches.edit), name="edit_saved_search"),
]
