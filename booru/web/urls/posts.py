"""Posts and tags."""

from booru.web.http.actions import actions
from booru.web.http.routes import with_json
from booru.web.views import mod_actions

urlpatterns = [
    *with_json("mod_actions", actions(GET=mod_actions.index), "mod_actions"),
    *with_json("mod_actions/<id:action_id>", actions(GET=mod_actions.show), "mod_action"),
]
