"""Two people at once, each with a connection of their own."""

from functools import partial

import pytest
from django.core.exceptions import ValidationError

from booru.models import BulkUpdateRequest, Level, TagAlias, User
from jobs.bulk_update_requests import ProcessBulkUpdateRequestJob
from jobs.engine.testing import enqueued_jobs
from tests.support.at_once import at_once
from tests.support.tag_factories import make_request, make_user

pytestmark = pytest.mark.django_db(transaction=True)


def test_two_admins_approve_a_request_once():
    bur = make_request("alias a -> b")
    copies = [BulkUpdateRequest.objects.get(pk=bur.pk) for _ in range(2)]
    errors = at_once(*(partial(copy.approve, make_user(Level.ADMIN)) for copy in copies))
    assert sorted(type(error) for error in errors if error) == [ValidationError]
    assert len(enqueued_jobs(ProcessBulkUpdateRequestJob)) == 1


def test_requests_that_touch_the_same_tags_are_checked_side_by_side():
    User.objects.system()
    scripts = ["\n".join(f"alias a{n} -> b{n}" for n in order) for order in (range(20), reversed(range(20)))]
    assert at_once(*(partial(make_request, script, make_user()) for script in scripts)) == [None, None]


def test_a_tag_gets_one_alias_however_many_ask_at_once():
    admin = make_user(Level.ADMIN)
    tasks = [partial(TagAlias.objects.find_or_create_active, "a", "b", approver=admin) for _ in range(3)]
    assert at_once(*tasks) == [None, None, None]
    assert TagAlias.objects.count() == 1


def test_opposite_requests_run_side_by_side_without_a_deadlock():
    admin = make_user(Level.ADMIN)
    burs = [make_request("alias a -> b\nalias c -> d"), make_request("alias x -> d\nalias y -> b")]
    for bur in burs:
        bur.approve(admin)
    assert at_once(*(bur.process for bur in burs)) == [None, None]
    assert TagAlias.objects.active().count() == 4
