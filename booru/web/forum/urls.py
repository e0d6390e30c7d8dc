"""The forum."""

from django.urls import path

from booru.web.forum.views import forum_post_votes, forum_posts, forum_topics
from booru.web.http.actions import actions
from booru.web.http.routes import with_json

urlpatterns = [
    *with_json("forum_topics", actions(GET=forum_topics.index, POST=forum_topics.create), "forum_topics"),
    path("forum_topics/new", actions(GET=forum_topics.new), name="new_forum_topic"),
    path(
        "forum_topics/mark_all_as_read",
        actions(POST=forum_topics.mark_all_as_read),
        name="mark_all_topics_as_read",
    ),
    *with_json(
        "forum_topics/<id:topic_id>",
        actions(GET=forum_topics.show, PUT=forum_topics.update, DELETE=forum_topics.hide),
        "forum_topic",
    ),
    path("forum_topics/<id:topic_id>/edit", actions(GET=forum_topics.edit), name="edit_forum_topic"),
    *with_json(
        "forum_topics/<id:topic_id>/undelete", actions(POST=forum_topics.unhide), "undelete_forum_topic"
    ),
    *with_json("forum_posts", actions(GET=forum_posts.index, POST=forum_posts.create), "forum_posts"),
    *with_json(
        "forum_posts/<id:post_id>",
        actions(GET=forum_posts.show, PUT=forum_posts.update, DELETE=forum_posts.hide),
        "forum_post",
    ),
    path("forum_posts/<id:post_id>/edit", actions(GET=forum_posts.edit), name="edit_forum_post"),
    *with_json("forum_posts/<id:post_id>/undelete", actions(POST=forum_posts.unhide), "undelete_forum_post"),
    *with_json(
        "forum_post_votes",
        actions(GET=forum_post_votes.index, POST=forum_post_votes.create),
        "forum_post_votes",
    ),
    *with_json(
        "forum_post_votes/<id:vote_id>",
        actions(GET=forum_post_votes.show, DELETE=forum_post_votes.destroy),
        "forum_post_vote",
    ),
]
