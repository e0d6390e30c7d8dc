from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from booru.models import Level, ModAction, User
from booru.services.accounts.user_deletion import delete_user
from tests.support.factories import UserFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def gone():
    user = UserFactory(name="alice")
    delete_user(user, UserFactory(name="otto", level=Level.OWNER))
    return user


def undelete(*args):
    output = StringIO()
    call_command("undelete_user", *args, stdout=output)
    return output.getvalue()


def test_it_prints_the_new_password(gone):
    output = undelete(gone.name)
    user = User.objects.get(pk=gone.pk)
    assert (user.name, user.is_deleted) == ("alice", False)
    assert "alice can log in again" in output
    assert user.check_password(output.split()[-1])
    assert ModAction.objects.latest("pk").creator.is_system


def test_a_name_and_a_person_can_be_given(gone):
    undelete(gone.name, "--name", "alice2", "--by", "otto")
    assert User.objects.get(pk=gone.pk).name == "alice2"
    assert ModAction.objects.latest("pk").creator.name == "otto"


def test_errors_are_told_and_change_nothing(gone):
    with pytest.raises(CommandError, match="There is no user named nobody"):
        undelete("nobody")
    with pytest.raises(CommandError, match="Nothing was changed: otto is not deleted"):
        undelete("otto")
    UserFactory(name="alice")
    with pytest.raises(CommandError, match="the name alice is already taken"):
        undelete(gone.name)
    assert User.objects.get(pk=gone.pk).is_deleted
