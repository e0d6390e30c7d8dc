import pytest
from django.core.exceptions import ValidationError

from booru.models import Favorite, FavoriteGroup, Level, PostVote
from booru.models.posts.favorite_group import MAX_POSTS
from tests.support.factories import PostFactory
from tests.support.tag_factories import make_user

pytestmark = pytest.mark.django_db


def state(post, user):
    post.refresh_from_db()
    user.refresh_from_db()
    return post.fav_count, user.favorite_count, post.score, post.up_score, post.down_score


def test_a_favorite_is_counted_and_votes_the_post_up():
    user, post = make_user(), PostFactory()
    Favorite.objects.create_for(user, post)
    assert state(post, user) == (1, 1, 1, 1, 0)
    with pytest.raises(ValidationError) as caught:
        Favorite.objects.create_for(user, post)
    assert caught.value.message_dict == {"user": ["have already favorited this post"]}
    assert state(post, user) == (1, 1, 1, 1, 0)
    assert Favorite.objects.remove(user, [post.pk]) == 1
    assert state(post, user) == (0, 0, 0, 0, 0)
    assert list(PostVote.objects.values_list("score", "is_deleted")) == [(1, True)]
    assert Favorite.objects.remove(user, [post.pk]) == 0


def test_a_favorite_takes_the_place_of_a_downvote_and_keeps_an_upvote():
    user, downvoted, upvoted = make_user(), PostFactory(), PostFactory()
    PostVote.objects.vote(user, [downvoted.pk], -1)
    PostVote.objects.vote(user, [upvoted.pk], 1)
    assert Favorite.objects.add(user, [downvoted.pk, upvoted.pk]) == 2
    assert state(downvoted, user) == (1, 2, 1, 1, 0)
    assert state(upvoted, user) == (1, 2, 1, 1, 0)


def test_a_vote_takes_the_place_of_another():
    user, post = make_user(), PostFactory()
    assert PostVote.objects.vote(user, [post.pk], 1) == 1
    assert PostVote.objects.vote(user, [post.pk], 1) == 0
    PostVote.objects.vote(user, [post.pk], -1)
    assert state(post, user)[2:] == (-1, 0, -1)
    PostVote.objects.vote(make_user(), [post.pk], 1)
    assert state(post, user)[2:] == (0, 1, -1)
    assert PostVote.objects.take_back(user, [post.pk]) == 1
    assert state(post, user)[2:] == (1, 1, 0)


def errors(**fields):
    with pytest.raises(ValidationError) as caught:
        FavoriteGroup.objects.make(make_user(), **fields)
    return caught.value.message_dict


def test_a_group_has_a_normal_name():
    assert FavoriteGroup.objects.make(make_user(), " _Best  of\u3000me_ ").name == "Best_of_me"


@pytest.mark.parametrize(
    "name", ["", "  ", "\u200b", "any", "None", "a,b", "a*b", "a\u0007b", "123", "a" * 171]
)
def test_bad_names_for_a_group(name):
    assert len(errors(name=name)["name"]) == 1


def test_a_name_is_free_for_other_people_only():
    user = make_user()
    FavoriteGroup.objects.make(user, "mine")
    FavoriteGroup.objects.make(make_user(), "mine")
    with pytest.raises(ValidationError) as caught:
        FavoriteGroup.objects.make(user, "MINE")
    assert caught.value.message_dict == {"name": ["has already been taken"]}


def test_only_gold_users_make_a_group_private():
    assert errors(name="mine", is_public=False) == {
        "__all__": ["Can't enable privacy without a Gold account"]
    }
    assert FavoriteGroup.objects.make(make_user(Level.GOLD), "mine", is_public=False).pk


def test_a_group_holds_each_post_once_and_not_too_many():
    group = FavoriteGroup.objects.make(make_user(), "mine", post_ids=range(1, MAX_POSTS))
    group.add([5, MAX_POSTS, MAX_POSTS])
    with pytest.raises(ValidationError):
        group.add([MAX_POSTS + 1])
    group.remove([1, 2])
    group.refresh_from_db()
    assert group.post_ids == list(range(3, MAX_POSTS + 1))
