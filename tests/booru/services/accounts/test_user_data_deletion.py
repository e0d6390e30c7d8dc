"""What an account's deletion removes in its job, and what it keeps."""

from itertools import count

import pytest
from django.db import connection, models, transaction

from booru.models import (
    ApiKey,
    EmailAddress,
    Favorite,
    FavoriteGroup,
    ForumTopicVisit,
    LoginSession,
    ModAction,
    Post,
    PostVote,
    SavedSearch,
    User,
    UserEvent,
)
from booru.posts.search.post_search import PostSearch
from booru.services.accounts import user_data_deletion
from booru.services.accounts.user_data_deletion import (
    PREFERENCES,
    SETTINGS,
    delete_favorites,
    finish_deletion,
)
from booru.services.accounts.user_deletion import delete_user
from jobs.engine.testing import perform_enqueued_jobs
from jobs.users import DeleteFavoritesJob, DeleteUserJob
from tests.booru.services.accounts.accounts import PASSWORD, STATUSES, make_account, rows_of, statuses_of
from tests.support.dying import Death, Died
from tests.support.factories import PostFactory, UserFactory

pytestmark = pytest.mark.django_db


def delete(user):
    delete_user(user, user, PASSWORD)
    return perform_enqueued_jobs(DeleteUserJob, raise_errors=True)


def test_what_is_private_goes():
    account = make_account()
    user = account.user
    (job,) = delete(user)
    assert job.error is None
    for model in (ApiKey, ForumTopicVisit, SavedSearch, EmailAddress):
        assert not model.objects.filter(user=user).exists(), model
    assert [group.name for group in FavoriteGroup.objects.filter(creator=user)] == ["group True"]
    user = User.objects.get(pk=user.pk)
    assert [name for name in PREFERENCES if getattr(user, name)] == []
    for name in SETTINGS:
        assert getattr(user, name) == User._meta.get_field(name).get_default(), name


def test_other_login_sessions_are_revoked_and_ended_ones_stay():
    user = make_account().user
    delete(user)
    assert statuses_of(user.login_sessions.all()) == ["Expired", "Logged Out", "Revoked"]


def test_what_is_public_stays():
    account = make_account()
    user = account.user
    before = rows_of(user)
    delete(user)
    assert rows_of(user) == before
    assert all(before.values())
    after = User.objects.get(pk=user.pk)
    assert (after.last_ip_addr, after.post_update_count, after.favorite_count) == ("1.2.3.4", 9, 1)
    assert after.level == user.level
    assert Favorite.objects.filter(user=user).count() == 1
    names = user.user_name_change_requests.order_by("pk").values_list("original_name", flat=True)
    assert list(names) == ["leaver0", "leaver"]


def test_no_event_and_no_mod_action_tells_of_what_went():
    user = make_account().user
    events, actions = UserEvent.objects.count(), ModAction.objects.count()
    delete(user)
    assert (UserEvent.objects.count(), ModAction.objects.count()) == (events, actions)


def test_public_votes_for_posts_stay_and_those_against_go():
    account = make_account()
    assert account.scores()[:3] == [(2, 2, 2, 0), (0, 2, 2, 0), (0, -2, 0, -2)]
    delete(account.user)
    assert account.scores()[:3] == [(2, 2, 2, 0), (0, 2, 2, 0), (0, -1, 0, -1)]
    gone = PostVote.objects.get(user=account.user, post=account.downvoted)
    assert gone.is_deleted


def test_private_favorites_and_votes_go():
    account = make_account(enable_private_favorites=True)
    delete(account.user)
    assert account.scores()[:3] == [(1, 1, 1, 0), (0, 1, 1, 0), (0, -1, 0, -1)]
    assert not Favorite.objects.filter(user=account.user).exists()
    assert not PostVote.objects.active().filter(user=account.user).exists()
    assert PostVote.objects.filter(user=account.user).count() == 3
    assert User.objects.get(pk=account.user.pk).favorite_count == 0


def test_nobody_else_loses_anything():
    account = make_account(enable_private_favorites=True)
    other = User.objects.get(name="stayer")
    delete(account.user)
    assert other.api_keys.count() == other.saved_searches.count() == other.favorites.count() == 1
    assert other.favorite_groups.count() == 2
    assert statuses_of(other.login_sessions.all()) == ["Active", "Expired", "Logged Out"]
    assert PostVote.objects.active().filter(user=other).count() == 3


def test_every_preference_is_taken_care_of():
    """A column that is added later must be kept, reset, or switched off: decide which."""
    kept = {
        *("id", "created_at", "updated_at", "name", "password", "level", "is_deleted"),
        *("is_banned", "requires_verification", "is_verified", "last_ip_addr"),
        *("unread_dmail_count", "post_update_count", "favorite_count"),
    }
    columns = {field.name for field in User._meta.get_fields() if isinstance(field, models.Field)}
    assert columns == kept | set(PREFERENCES) | set(SETTINGS)


def result(user):
    everything = [
        model.objects.order_by("pk").values_list("pk", "user")
        for model in (ApiKey, ForumTopicVisit, SavedSearch, EmailAddress, Favorite)
    ]
    posts = Post.objects.order_by("pk").values_list("fav_count", "score", "up_score", "down_score")
    columns = (*PREFERENCES, *SETTINGS, "favorite_count")
    return [
        *(list(rows) for rows in everything),
        list(posts),
        list(FavoriteGroup.objects.order_by("pk").values_list("pk", flat=True)),
        sorted(LoginSession.objects.values_list("pk", "status")),
        sorted(PostVote.objects.values_list("post_id", "user_id", "score", "is_deleted")),
        list(User.objects.filter(pk=user.pk).values_list(*columns)),
    ]


@pytest.mark.parametrize("is_private", [True, False])
def test_a_job_that_dies_at_any_statement_can_be_repeated(is_private, monkeypatch):
    monkeypatch.setattr(user_data_deletion, "_BATCH", 1)
    account = make_account(enable_private_favorites=is_private)
    user = account.user
    more = [PostFactory().pk for _ in range(2)]
    Favorite.objects.add(user, more)
    PostVote.objects.vote(user, [PostFactory().pk], -1)
    delete_user(user, user, PASSWORD)
    with transaction.atomic():
        finish_deletion(user)
        expected = result(user)
        transaction.set_rollback(True)
    for at in count(1):
        with transaction.atomic():
            death = Death(at)
            try:
                with connection.execute_wrapper(death):
                    finish_deletion(user)
            except Died:
                # Nothing was sent: only this test's own transaction would have to be rolled back.
                transaction.set_rollback(False)
                finish_deletion(User.objects.get(pk=user.pk))
            assert result(user) == expected, f"died at statement {at}"
            transaction.set_rollback(True)
        if death.left > 0:
            assert at > 15
            return


def test_a_second_job_changes_nothing():
    user = make_account(enable_private_favorites=True).user
    delete(user)
    before = result(user)
    finish_deletion(user)
    assert result(user) == before


def test_a_user_who_is_not_deleted_loses_nothing():
    user = make_account().user
    before = result(user)
    finish_deletion(user)
    assert result(user) == before


def test_many_favorites_go_batch_by_batch(monkeypatch, django_assert_max_num_queries):
    monkeypatch.setattr(user_data_deletion, "_BATCH", 10)
    user = UserFactory()
    Favorite.objects.add(user, [PostFactory(uploader=user).pk for _ in range(45)])
    with django_assert_max_num_queries(5 * 15 + 1):
        delete_favorites(user)
    assert not Favorite.objects.exists()
    assert set(Post.objects.values_list("fav_count", "score")) == {(0, 0)}


def test_the_job_that_deletes_favorites_leaves_none():
    user = UserFactory(name="likes_all")
    Favorite.objects.add(user, [PostFactory().pk for _ in range(3)])
    DeleteFavoritesJob.enqueue(user)
    perform_enqueued_jobs(raise_errors=True)
    assert not Favorite.objects.exists()
    assert User.objects.get(pk=user.pk).favorite_count == 0
    assert PostSearch("fav:likes_all", user).count() == 0


def test_a_session_that_begins_between_is_revoked():
    user = make_account().user
    delete_user(user, user, PASSWORD)
    LoginSession.objects.create(user=user)
    perform_enqueued_jobs(raise_errors=True)
    assert not user.login_sessions.filter(status=STATUSES.ACTIVE).exists()
