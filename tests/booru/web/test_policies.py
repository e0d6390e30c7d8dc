"""What is true of all policies, for every kind of visitor."""

import pkgutil
from importlib import import_module
from importlib.util import find_spec

import pytest

import booru.web
from booru.web.bulk_update_requests.policies import BulkUpdateRequestPolicy
from booru.web.http.errors import AccessDenied
from booru.web.http.policies import JobPolicy, Policy, authorize
from booru.web.login.policies import UserPolicy
from booru.web.pages.policies import WikiPagePolicy
from booru.web.posts.policies import PostPolicy
from booru.web.tags.policies import TagPolicy, TagRelationshipPolicy
from tests.booru.web.visitors import ADMINS, EVERYBODY, allowed


@pytest.mark.parametrize(
    "policy",
    [
        PostPolicy,
        TagPolicy,
        TagRelationshipPolicy,
        WikiPagePolicy,
        UserPolicy,
        BulkUpdateRequestPolicy,
        JobPolicy,
    ],
)
def test_everybody_may_look(policy):
    assert allowed(policy, "can_index") == EVERYBODY
    assert allowed(policy, "can_show") == EVERYBODY


def test_only_admins_manage_jobs():
    assert allowed(JobPolicy, "can_manage") == ADMINS


def policies():
    """Those of every room."""
    for room in pkgutil.iter_modules(booru.web.__path__, "booru.web."):
        if room.ispkg and find_spec(f"{room.name}.policies"):
            import_module(f"{room.name}.policies")
    return Policy.__subclasses__()


def test_nobody_may_touch_a_record_that_is_not_there():
    assert len(policies()) > 20
    for policy in policies():
        for permission in (
            "can_update",
            "can_approve",
            "can_reject",
            "can_revert",
            "can_reply",
            "can_vote",
            "can_dry_run",
        ):
            if hasattr(policy, permission):
                assert allowed(policy, permission) == set()


def test_authorize_refuses_what_is_not_allowed():
    authorize(True)
    with pytest.raises(AccessDenied, match="Access denied"):
        authorize(False)
