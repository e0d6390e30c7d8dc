"""Who may change and recover second factors, for every kind of visitor."""

from booru.models import Level, User
from booru.web.security.policies import SecondFactorPolicy
from tests.booru.web.visitors import ADMINS, LOGGED_IN, ME, allowed


def test_a_second_factor_is_ones_own():
    assert allowed(SecondFactorPolicy, "can_update", User(pk=ME)) == LOGGED_IN
    assert allowed(SecondFactorPolicy, "can_update", User(pk=2)) == set()


def test_admins_help_users_below_them_who_lost_their_second_factor():
    assert allowed(SecondFactorPolicy, "can_recover", User(pk=2, level=Level.MODERATOR)) == ADMINS
    assert allowed(SecondFactorPolicy, "can_recover", User(pk=2, level=Level.ADMIN)) == {"owner"}
    assert allowed(SecondFactorPolicy, "can_recover", User(pk=2, level=Level.OWNER)) == set()
