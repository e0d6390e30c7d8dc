"""Posts and tags."""

from django.urls import path

from booru.models import TagAlias, TagImplication
from booru.web.http.actions import actions
from booru.web.http.routes import with_json
from booru.web.views import (
    favorites,
    mod_actions,
    post_versions,
    post_votes,
    posts,
    tag_relationships,
    tag_versions,
    tags,
)

urlpatterns = [
    *with_json("posts", actions(GET=posts.index), "posts"),
    *with_json("posts/<id:post_id>", actions(GET=posts.show, PUT=posts.update), "post"),
    *with_json(
        "posts/<id:post_id>/votes",
        actions(POST=post_votes.create, DELETE=post_votes.destroy),
        "post_votes",
    ),
    *with_json("favorites", actions(POST=favorites.create), "favorites"),
    *with_json("favorites/<id:post_id>", actions(DELETE=favorites.destroy), "favorite"),
    *with_json("post_versions", actions(GET=post_versions.index), "post_versions"),
    *with_json("tags", actions(GET=tags.index), "tags"),
    *with_json("tags/<id:tag_id>", actions(GET=tags.show, PUT=tags.update), "tag"),
    path("tags/<id:tag_id>/edit", actions(GET=tags.edit), name="edit_tag"),
    *with_json("tag_versions", actions(GET=tag_versions.index), "tag_versions"),
    *with_json("tag_aliases", tag_relationships.listing_of(TagAlias), "tag_aliases"),
    *with_json("tag_aliases/<id:relationship_id>", tag_relationships.page_of(TagAlias), "tag_alias"),
    *with_json("tag_implications", tag_relationships.listing_of(TagImplication), "tag_implications"),
    *with_json(
        "tag_implications/<id:relationship_id>", tag_relationships.page_of(TagImplication), "tag_implication"
    ),
    *with_json("mod_actions", actions(GET=mod_actions.index), "mod_actions"),
    *with_json("mod_actions/<id:action_id>", actions(GET=mod_actions.show), "mod_action"),
]
