import pytest

from booru.models import Level
from jobs.bulk_update_requests import ProcessBulkUpdateRequestJob
from tests.tag_factories import make_request, make_user

pytestmark = pytest.mark.django_db


def test_the_job_processes_its_request():
    bur = make_request("alias a -> b")
    bur.approve(make_user(Level.ADMIN))
    ProcessBulkUpdateRequestJob.call(bur)
    assert bur.status == "approved"
