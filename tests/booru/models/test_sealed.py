"""What the database has of second factors, and what is left of them without the key."""

import json
from importlib import import_module

import pyotp
import pytest
from django.core.management import CommandError, call_command
from django.db import connection

from booru.models import User
from booru.sealing import unseal
from booru.services.accounts.two_factor import use_code
from tests.support.factories import UserFactory

pytestmark = pytest.mark.django_db

SECRET = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"


def kept(user):
    """The row as it is in the database, as text, and its two columns."""
    with connection.cursor() as cursor:
        query = "SELECT row_to_json(users)::text, totp_secret, backup_codes FROM users WHERE id = %s"
        cursor.execute(query, [user.pk])
        return cursor.fetchone()


@pytest.fixture
def user():
    return UserFactory(totp_secret=SECRET, backup_codes=[1234567, 87654321])


def again(user):
    return User.objects.get(pk=user.pk)


def test_no_secret_is_in_the_row(user):
    row, secret, codes = kept(user)
    for text in (SECRET, "1234567", "87654321"):
        assert text not in row
    assert json.loads(unseal(secret)) == SECRET
    assert json.loads(unseal(codes)) == [1234567, 87654321]
    assert (again(user).totp_secret, again(user).backup_codes) == (SECRET, [1234567, 87654321])


def test_an_update_of_many_seals_too(user):
    User.objects.filter(pk=user.pk).update(totp_secret=SECRET, backup_codes=[7654321])
    assert SECRET not in kept(user)[0]
    assert "7654321" not in kept(user)[0]


def test_nothing_is_kept_of_nothing_and_can_be_looked_for(user):
    other = UserFactory()
    assert kept(other)[1:] == ("", "")
    assert (again(other).totp_secret, again(other).backup_codes) == ("", [])
    assert User.objects.exclude(totp_secret="").get() == user
    assert User.objects.exclude(backup_codes=[]).get() == user


def test_without_the_key_no_code_is_right_and_the_factor_is_still_asked_for(user, settings):
    settings.SECRET_KEY = "another"
    locked = again(user)
    assert locked.totp_secret
    assert locked.backup_codes == []
    for code in (pyotp.TOTP(SECRET).now(), "01234567", "", str(locked.totp_secret)):
        assert use_code(locked, code) is None


def test_saving_a_user_without_the_key_loses_nothing(user, settings):
    old, before = settings.SECRET_KEY, kept(user)
    settings.SECRET_KEY = "another"
    again(user).save()
    assert kept(user)[1:] == before[1:]
    settings.SECRET_KEY = old
    assert again(user).totp_secret == SECRET


def test_a_new_key_takes_over_by_way_of_the_fallbacks(user, settings, capsys):
    settings.SECRET_KEY, settings.SECRET_KEY_FALLBACKS = "new", [settings.SECRET_KEY]
    assert use_code(again(user), pyotp.TOTP(SECRET).now()) == "totp"
    call_command("rotate_secrets")
    assert "1 users' second factors" in capsys.readouterr().out
    settings.SECRET_KEY_FALLBACKS = []
    assert (again(user).totp_secret, again(user).backup_codes) == (SECRET, [1234567, 87654321])


def test_who_lost_the_key_is_told_whom_it_locks_out(user, settings):
    settings.SECRET_KEY = "new"
    with pytest.raises(CommandError, match=user.name):
        call_command("rotate_secrets")


def test_what_was_kept_as_it_is_gets_sealed_by_the_migration_and_comes_back(user):
    plain = UserFactory()
    migration = import_module("booru.migrations.0005_sealed_second_factors")
    with connection.schema_editor() as editor, connection.cursor() as cursor:
        cursor.execute("ALTER TABLE users RENAME backup_codes TO sealed_backup_codes")
        cursor.execute("ALTER TABLE users ADD backup_codes integer[] NOT NULL DEFAULT '{}'")
        migration.unseal_all(None, editor)
        cursor.execute("SELECT totp_secret, backup_codes FROM users WHERE id = %s", [user.pk])
        assert cursor.fetchone() == (SECRET, [1234567, 87654321])
        cursor.execute("UPDATE users SET sealed_backup_codes = ''")
        migration.seal_all(None, editor)
        cursor.execute("ALTER TABLE users DROP backup_codes")
        cursor.execute("ALTER TABLE users RENAME sealed_backup_codes TO backup_codes")
    assert (again(user).totp_secret, again(user).backup_codes) == (SECRET, [1234567, 87654321])
    assert kept(plain)[1:] == ("", "")
    assert SECRET not in kept(user)[0]
