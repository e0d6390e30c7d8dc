import pytest
from django.core.exceptions import ValidationError

from booru.models import ForumPostVote
from booru.models.forum.forum_post_vote import VoteTally
from tests.support.factories import ForumPostFactory, UserFactory

pytestmark = pytest.mark.django_db


def test_one_user_has_one_vote():
    post, user = ForumPostFactory(), UserFactory()
    ForumPostVote.objects.cast(post, user, 1)
    with pytest.raises(ValidationError) as caught:
        ForumPostVote.objects.cast(post, user, -1)
    assert caught.value.message_dict == {"creator": ["has already been taken"]}
    assert [vote.score for vote in post.votes.all()] == [1]


@pytest.mark.parametrize("score", [2, -2, 100_000])
def test_a_vote_is_for_against_or_neither(score):
    with pytest.raises(ValidationError) as caught:
        ForumPostVote.objects.cast(ForumPostFactory(), UserFactory(), score)
    assert caught.value.message_dict == {"score": ["is not included in the list"]}


def test_votes_are_counted_for_many_posts_at_once(django_assert_num_queries):
    first, second, third = ForumPostFactory.create_batch(3)
    for score in (1, 1, 0, -1):
        ForumPostVote.objects.cast(first, UserFactory(), score)
    ForumPostVote.objects.cast(second, UserFactory(), -1)
    with django_assert_num_queries(1):
        tallies = ForumPostVote.objects.tallies([first.pk, second.pk, third.pk])
    assert tallies == {first.pk: VoteTally(up=2, down=1, neutral=1), second.pk: VoteTally(down=1)}
    assert tallies[first.pk].total == 4
