from functools import partial

import pyotp
import pytest
from django.db import transaction

from booru.models import User
from booru.rules.one_time_codes import new_secret
from booru.services.accounts.two_factor import TooManyCodes, disable, enable, replace_backup_codes, use_code
from tests.support import database_clock
from tests.support.at_once import at_once
from tests.support.factories import UserFactory

SECRET = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"
CODES = [12, 34567890, 99999999]

pytestmark = pytest.mark.django_db


@pytest.fixture
def user(db):
    return UserFactory(totp_secret=SECRET, backup_codes=CODES)


def saved(user):
    return User.objects.get(pk=user.pk)


def app_code(secret=SECRET):
    return pyotp.TOTP(secret).now()


def test_a_code_of_the_app_works_once(user):
    code = app_code()
    assert use_code(user, code) == "totp"
    assert use_code(user, code) is None
    assert use_code(saved(user), code) is None


def test_a_used_backup_code_is_replaced(user):
    assert use_code(user, "34567890") == "backup_code"
    codes = saved(user).backup_codes
    assert (codes[0], codes[2], len(codes)) == (12, 99999999, 3)
    assert codes[1] not in CODES
    assert user.backup_codes == codes
    assert use_code(user, "34567890") is None
    assert use_code(user, f"{codes[1]:08}") == "backup_code"


def test_a_backup_code_is_typed_with_its_zeros(user):
    assert use_code(user, "12") is None
    assert use_code(user, "00000012") == "backup_code"


def test_nobody_without_a_second_factor_has_codes():
    assert use_code(UserFactory(backup_codes=CODES), "34567890") is None


def test_anothers_code_is_wrong(user):
    other = UserFactory(totp_secret=new_secret(), backup_codes=[1])
    assert use_code(other, "34567890") is None
    assert use_code(other, app_code()) is None


def test_what_is_rolled_back_is_not_used(user):
    for _ in range(2):
        with transaction.atomic():
            assert use_code(user, "34567890") == "backup_code"
            transaction.set_rollback(True)
        user = saved(user)
    assert user.backup_codes == CODES


def test_codes_cannot_be_found_by_trying(user, settings):
    settings.DANBOORU_RATE_LIMITS = True
    database_clock.stand_still()
    for _ in range(10):
        assert use_code(user, "00000000") is None
    for code in ("00000000", app_code(), "34567890"):
        with pytest.raises(TooManyCodes):
            use_code(user, code)
    assert saved(user).backup_codes == CODES


def test_right_codes_do_not_count_as_tries(user, settings):
    settings.DANBOORU_RATE_LIMITS = True
    database_clock.stand_still()
    for _ in range(30):
        code = saved(user).backup_codes[0]
        assert use_code(user, f"{code:08}") == "backup_code"


def test_enabling_wants_a_code_of_the_new_secret():
    user, secret = UserFactory(), new_secret()
    assert enable(user, secret, app_code(SECRET)) is None
    assert saved(user).totp_secret == ""
    code = app_code(secret)
    assert enable(user, secret, code) is True
    assert saved(user).totp_secret == user.totp_secret == secret
    assert len(saved(user).backup_codes) == 10
    assert use_code(user, code) is None, "it was used to enable it"


def test_another_app_keeps_the_backup_codes(user):
    secret = new_secret()
    assert enable(user, secret, app_code(secret)) is False
    assert (saved(user).totp_secret, saved(user).backup_codes) == (secret, CODES)


def test_disabling_takes_all_of_it(user):
    assert disable(user) is True
    assert (saved(user).totp_secret, saved(user).backup_codes) == ("", [])
    assert disable(user) is False


def test_backup_codes_are_replaced_all_together(user):
    assert replace_backup_codes(user) is True
    assert not set(saved(user).backup_codes) & set(CODES)
    plain = UserFactory()
    assert replace_backup_codes(plain) is False
    assert saved(plain).backup_codes == []


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("kind", ["totp", "backup_code"])
def test_a_code_that_is_sent_twice_at_once_works_once(user, kind):
    code = app_code() if kind == "totp" else "34567890"
    kinds = []
    assert at_once(*[lambda: kinds.append(use_code(saved(user), code))] * 4) == [None] * 4
    assert sorted(kinds, key=str) == [None, None, None, kind]


@pytest.mark.django_db(transaction=True)
def test_who_tries_many_codes_at_once_tries_no_more(user, settings):
    settings.DANBOORU_RATE_LIMITS = True
    errors = at_once(*[partial(use_code, user, "00000000")] * 14)
    assert [type(error) for error in errors if error] == [TooManyCodes] * 4
