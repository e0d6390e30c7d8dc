"""Who may edit posts, for every kind of visitor."""

from booru.models import Post
from booru.web.posts.policies import PostPolicy
from tests.booru.web.visitors import GOOD_STANDING, allowed


def test_posts_are_edited_and_voted_on_in_good_standing():
    assert allowed(PostPolicy, "can_update", Post()) == GOOD_STANDING
    assert allowed(PostPolicy, "can_vote", Post()) == GOOD_STANDING
