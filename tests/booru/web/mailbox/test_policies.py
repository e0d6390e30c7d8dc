"""Who may read, write and report dmails, for every kind of visitor."""

from datetime import timedelta

from django.utils import timezone

from booru.models import Dmail, Level, User
from booru.web.mailbox.policies import DmailPolicy
from tests.booru.web.visitors import GOOD_STANDING, LOGGED_IN, ME, allowed


def letter(sender_level=Level.MEMBER, name="someone", days=0, **people):
    people = {"owner_id": ME, "to_user_id": ME, **people}
    sender = User(pk=2, name=name, level=sender_level)
    return Dmail(from_user=sender, created_at=timezone.now() - timedelta(days=days), **people)


def test_dmails_are_for_who_is_logged_in():
    assert allowed(DmailPolicy, "can_index") == LOGGED_IN
    assert allowed(DmailPolicy, "can_mark_all_as_read") == LOGGED_IN


def test_dmails_are_written_in_good_standing():
    assert allowed(DmailPolicy, "can_create") == GOOD_STANDING


def test_a_dmail_is_read_by_the_owner_of_the_copy_and_the_owner_of_the_site():
    assert allowed(DmailPolicy, "can_show", Dmail(owner_id=ME)) == LOGGED_IN
    assert allowed(DmailPolicy, "can_show", Dmail(owner_id=2)) == {"owner"}


def test_a_dmail_is_changed_by_the_owner_of_the_copy_alone():
    assert allowed(DmailPolicy, "can_update", Dmail(owner_id=ME)) == LOGGED_IN
    assert allowed(DmailPolicy, "can_update", Dmail(owner_id=2)) == set()


def test_one_reports_what_others_below_moderator_wrote_to_one_within_a_year():
    def reporters(dmail):
        return allowed(DmailPolicy, "can_report", dmail)

    assert reporters(letter()) == GOOD_STANDING
    assert reporters(letter(days=364)) == GOOD_STANDING
    assert reporters(letter(days=366)) == set()
    assert reporters(letter(Level.APPROVER)) == GOOD_STANDING
    assert reporters(letter(Level.MODERATOR)) == set()
    assert reporters(letter(name="DanbooruBot")) == set()
    assert reporters(letter(owner_id=2)) == set()
    assert reporters(letter(to_user_id=2)) == set()
