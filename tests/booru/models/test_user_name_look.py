"""Names that people would take for somebody else's."""

import pytest
from django.core.exceptions import ValidationError
from django.db import connection

from booru.models import Level, User, UserNameChangeRequest
from booru.rules.user_names import user_name_look
from booru.services.accounts.name_changes import change_name
from tests.support.at_once import at_once
from tests.support.factories import UserFactory

pytestmark = pytest.mark.django_db

REFUSED = "can't be read like the name of another user"


@pytest.mark.parametrize(
    ("name", "like_it"),
    [
        ("ada_admin", ["ada-admin", "ada.admin", "adaadmin", "ADA-admin", "a_d_a_admin"]),
        ("Ian_Bell", ["lan_Bell", "1an-bell", "IanBe1l", "Ian.BeII"]),
        ("bob_oo", ["b0b_00", "BOB-o0"]),
        ("ミク", ["三ク", "ﾐｸ"]),
        ("カロ", ["力口"]),
        ("ada-admin", ["adaーadmin", "ada一admin", "adaｰadmin", "adaㅡadmin"]),
        ("BillOda", ["Bi丨l\u3007da", "BiㅣlㅇDa"]),
    ],
)
def test_a_name_that_reads_like_anothers_is_refused(name, like_it):
    UserFactory(name=name)
    for other in like_it:
        with pytest.raises(ValidationError) as caught:
            User.objects.create_user(other)
        assert caught.value.message_dict == {"name": [REFUSED]}, other


@pytest.mark.parametrize("name", ["ada_admln", "ada_adm1n", "ADA.ADMIN", "ada_aclmin2", "ada_adrnin"])
def test_the_staff_are_held_further_apart(name):
    UserFactory(name="ada_admin", level=Level.ADMIN)
    if name == "ada_aclmin2":
        assert User.objects.create_user(name)
        return
    with pytest.raises(ValidationError, match=REFUSED):
        User.objects.create_user(name)


@pytest.mark.parametrize("name", ["Danbooru_Bot", "danb00ru-b0t", "Danbooru.Bot"])
def test_nobody_passes_for_the_site(name):
    with pytest.raises(ValidationError, match=REFUSED):
        User.objects.create_user(name)


@pytest.mark.parametrize("name", ["adm1n", "Adm-in", "m0derator", "M0D", "m\u3007d", "adm丨n"])
def test_nor_for_a_level(name):
    with pytest.raises(ValidationError, match="is a reserved name"):
        User.objects.create_user(name)


@pytest.mark.parametrize(
    ("one", "other"), [("maria", "marla"), ("bob1", "bob2"), ("line", "lime"), ("ab", "abc")]
)
def test_names_that_differ_are_had_by_both(one, other):
    UserFactory(name=one)
    assert User.objects.create_user(other).name == other


def test_those_of_the_deleted_are_free():
    UserFactory(name="user_10", is_deleted=True)
    assert User.objects.create_user("userl0")


def test_a_change_of_name_is_held_to_it_too():
    UserFactory(name="ada_admin")
    bob = UserFactory(name="bob")
    with pytest.raises(ValidationError) as caught:
        change_name(bob, "ada-admin", by=bob)
    assert caught.value.message_dict == {"desired_name": [REFUSED]}


def test_those_who_have_such_names_already_keep_them():
    UserFactory(name="ada_admin")
    other = UserFactory(name="ada-admin")
    other.last_logged_in_at = None
    other.save()
    change_name(other, "Ada-Admin", by=other)
    UserNameChangeRequest.objects.all().delete()
    change_name(other, "somebody", by=other)
    assert User.objects.get(pk=other.pk).name == "somebody"


def test_ones_own_name_is_nobody_elses():
    ada = UserFactory(name="ada_smith")
    change_name(ada, "ada.smith", by=ada)
    assert User.objects.get(pk=ada.pk).name == "ada.smith"


@pytest.mark.django_db(transaction=True)
def test_of_two_at_once_one_gets_it():
    errors = at_once(
        *(lambda name=name: User.objects.create_user(name) for name in ("ada_admin", "ada-admin"))
    )
    (refusal,) = filter(None, errors)
    assert refusal.message_dict == {"name": [REFUSED]}
    assert User.objects.count() == 1


@pytest.mark.parametrize(
    "name", ["Ada_Admin", "I1l|0Oo-._ x", "ヘベペカニロエトハタリオチミー", "ﾊﾟｰ", "漢字"]
)
def test_the_database_sees_names_as_python_does(name):
    user = UserFactory(name=name)
    assert User.objects.looking_like(name).get() == user
    assert User.objects.looking_like(user_name_look(name)).filter(pk=user.pk).exists() or "I" in name


def test_looking_for_one_uses_the_index():
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_seqscan = off")
    assert "user_name_look" in User.objects.looking_like("ada_admin").explain()
