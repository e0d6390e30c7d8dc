"""Posts, their versions, votes and favorites."""

from booru.web.http.actions import actions
from booru.web.http.routes import with_json
from booru.web.posts.views import favorites, post_versions, post_votes, posts

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
]
