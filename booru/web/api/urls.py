"""API keys."""

from django.urls import path

from booru.web.api.views import api_keys
from booru.web.http.actions import actions
from booru.web.http.routes import with_json

urlpatterns = [
    *with_json("api_keys", actions(GET=api_keys.index, POST=api_keys.create), "api_keys"),
    path("api_keys/new", actions(GET=api_keys.new), name="new_api_key"),
    *with_json("api_keys/<id:key_id>", actions(PUT=api_keys.update, DELETE=api_keys.destroy), "api_key"),
    path("api_keys/<id:key_id>/edit", actions(GET=api_keys.edit), name="edit_api_key"),
]
