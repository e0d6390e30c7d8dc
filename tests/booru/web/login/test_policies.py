"""Who may sign up and see where they are logged in, for every kind of visitor."""

from booru.models import LoginSession, User
from booru.web.login.policies import LoginSessionPolicy, UserEventPolicy, UserPolicy
from tests.booru.web.visitors import LOGGED_IN, ME, allowed


def test_only_who_is_not_logged_in_signs_up():
    assert allowed(UserPolicy, "can_create") == {"anonymous"}


def test_one_changes_only_ones_own_settings():
    assert allowed(UserPolicy, "can_update", User(pk=ME)) == LOGGED_IN
    assert allowed(UserPolicy, "can_update", User(pk=2)) == set()


def test_one_sees_where_one_is_logged_in():
    assert allowed(UserEventPolicy, "can_index") == LOGGED_IN
    assert allowed(LoginSessionPolicy, "can_index") == LOGGED_IN
    assert allowed(LoginSessionPolicy, "can_destroy") == set()
    assert allowed(LoginSessionPolicy, "can_destroy", LoginSession(user_id=ME)) == LOGGED_IN
    assert allowed(LoginSessionPolicy, "can_destroy", LoginSession(user_id=2)) == set()
