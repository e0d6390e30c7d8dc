import pytest
from django.core.exceptions import ValidationError

from booru.models import Dmail, Level, ModAction, ModerationReport, User
from booru.models.moderation.moderation_report import subjects_of
from tests.support.at_once import at_once
from tests.support.factories import DmailFactory, ForumPostFactory, UserFactory

pytestmark = pytest.mark.django_db

Status = ModerationReport.Status


@pytest.fixture
def moderator():
    return UserFactory(level=Level.MODERATOR)


@pytest.fixture
def reporter():
    return UserFactory()


def report(reporter, subject=None, reason="Rude."):
    return ModerationReport.objects.report(reporter, subject or DmailFactory(to_user=reporter), reason)


def test_a_report_says_what_it_is_about(reporter):
    dmail, post = DmailFactory(), ForumPostFactory()
    first, second = report(reporter, dmail, " Rude.\n"), report(reporter, post)
    assert (first.subject_type, first.subject_id, first.reason) == ("Dmail", dmail.pk, "Rude.")
    assert (first.subject_name, second.subject_name) == (f"dmail #{dmail.pk}", f"forum #{post.pk}")
    assert (first.status, first.status_name, first.updater) == (Status.PENDING, "pending", None)
    assert subjects_of([first, second]) == {first.pk: dmail, second.pk: post}
    dmail.delete()
    assert subjects_of([first, second]) == {second.pk: post}


@pytest.mark.parametrize(
    ("reason", "error"),
    [
        ("", "can't be blank"),
        (" \u200b", "can't be blank"),
        ("x" * 2001, "is too long (maximum is 2000 characters)"),
    ],
)
def test_a_report_needs_a_reason(reporter, reason, error):
    with pytest.raises(ValidationError) as caught:
        report(reporter, reason=reason)
    assert caught.value.message_dict == {"reason": [error]}
    assert not ModerationReport.objects.exists()


def test_one_reports_something_once(reporter):
    post = ForumPostFactory()
    report(reporter, post)
    with pytest.raises(ValidationError) as caught:
        report(reporter, post)
    assert caught.value.message_dict == {"creator": ["have already reported this message"]}
    report(UserFactory(), post)
    # A dmail may have the same number as a forum post.
    report(reporter, DmailFactory(pk=post.pk))


@pytest.mark.django_db(transaction=True)
def test_a_double_click_is_one_report():
    reporter, post = UserFactory(), ForumPostFactory()
    results = at_once(*[lambda: report(reporter, post)] * 4)
    assert sum(isinstance(result, ValidationError) for result in results) == 3
    assert ModerationReport.objects.count() == 1


@pytest.mark.parametrize(
    ("status", "category"),
    [
        (Status.HANDLED, ModAction.Category.MODERATION_REPORT_HANDLED),
        (Status.REJECTED, ModAction.Category.MODERATION_REPORT_REJECTED),
    ],
)
def test_settling_a_report_is_a_mod_action(reporter, moderator, status, category):
    one = report(reporter)
    one.settle(moderator, status)
    one.refresh_from_db()
    action = ModAction.objects.get()
    assert (one.status, one.updater) == (status, moderator)
    assert (action.category, action.creator, action.subject_id) == (category, moderator, one.pk)
    assert action.description == f"{status.name.lower()} modreport #{one.pk}"


def test_who_reported_is_thanked_when_it_is_handled(reporter, moderator):
    one = report(reporter)
    before = Dmail.objects.count()
    one.settle(moderator, Status.HANDLED)
    dmail = Dmail.objects.filter(owner=reporter).first()
    assert dmail.title == f"Thank you for reporting dmail #{one.subject_id}"
    assert dmail.is_automated
    one.settle(moderator, Status.HANDLED)
    assert Dmail.objects.count() == before + 1


def test_nobody_is_thanked_for_what_is_rejected_or_for_what_the_site_found(reporter, moderator):
    report(reporter, ForumPostFactory()).settle(moderator, Status.REJECTED)
    report(User.objects.system(), ForumPostFactory()).settle(moderator, Status.HANDLED)
    assert not Dmail.objects.exists()
