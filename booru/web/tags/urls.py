"""Tags, tag aliases and tag implications."""

from django.urls import path

from booru.models import TagAlias, TagImplication
from booru.web.http.actions import actions
from booru.web.http.routes import with_json
from booru.web.tags.views import tag_relationships, tag_versions, tags

urlpatterns = [
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
]
