import pytest
from django.db import OperationalError

from booru.models import User
from jobs.engine.models import BackgroundJob
from jobs.engine.testing import assert_enqueued, perform_enqueued_jobs
from jobs.users import DeleteFavoritesJob, DeleteUserJob
from tests.support.factories import UserFactory

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("job", "method"), [(DeleteUserJob, "finish_deletion"), (DeleteFavoritesJob, "delete_favorites")]
)
def test_a_deadlock_passes(job, method, monkeypatch):
    seen = []

    def fail_once(user):
        seen.append(user)
        if len(seen) == 1:
            raise OperationalError("deadlock detected")

    monkeypatch.setattr(User, method, fail_once)
    user = UserFactory()
    job.enqueue(user)
    assert_enqueued(job, user)
    perform_enqueued_jobs()
    assert BackgroundJob.objects.get().finished_at is None
    perform_enqueued_jobs(scheduled=True, raise_errors=True)
    assert seen == [user, user]


@pytest.mark.parametrize("job", [DeleteUserJob, DeleteFavoritesJob])
def test_nothing_is_done_for_a_user_who_is_not_there_any_more(job):
    user = UserFactory()
    job.enqueue(user)
    user_id = user.pk
    user.delete()
    perform_enqueued_jobs()
    assert BackgroundJob.objects.get().error == f"MissingArgument: User #{user_id} no longer exists"
