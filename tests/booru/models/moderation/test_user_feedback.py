import pytest
from django.core.exceptions import ValidationError

from booru.models import Dmail, Level, ModAction, UserFeedback
from jobs.engine.testing import enqueued_jobs
from jobs.mail import MailDeliveryJob
from tests.support.factories import UserFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def feedback():
    creator = UserFactory(name="gina", level=Level.GOLD)
    return UserFeedback.objects.give(UserFactory(name="bob"), creator, "positive", "Helps others.")


@pytest.mark.parametrize("category", ["positive", "neutral", "negative"])
def test_the_user_is_told(category):
    user, creator = UserFactory(with_email=True, receive_email_notifications=True), UserFactory(name="gina")
    feedback = UserFeedback.objects.give(user, creator, category, " Some words. ")
    assert feedback.body == "Some words."
    dmail = Dmail.objects.get()
    assert (dmail.owner, dmail.title, dmail.is_automated) == (user, "Your user record has been updated", True)
    records = f"/user_feedbacks?search%5Buser_id%5D={user.pk}"
    paragraphs = dmail.body.split("\r\n\r\n")
    assert paragraphs[:2] == [
        f'@gina created a "{category} record":{records} for your account:',
        "Some words.",
    ]
    assert len(paragraphs) == (3 if category == "negative" else 2)
    assert len(enqueued_jobs(MailDeliveryJob)) == 1


def test_the_dmail_can_be_left_out():
    UserFeedback.objects.give(UserFactory(), UserFactory(), "neutral", "Words.", dmail=False)
    assert not Dmail.objects.exists()


@pytest.mark.parametrize(
    ("change", "field", "message"),
    [
        ({"body": " \u200b "}, "body", "can't be blank"),
        ({"category": "great"}, "category", "is not included in the list"),
        ({"user": None}, "user", "must exist"),
    ],
)
def test_bad_feedback_is_not_given(change, field, message):
    values = {"user": UserFactory(), "creator": UserFactory(), "category": "neutral", "body": "x", **change}
    with pytest.raises(ValidationError) as caught:
        UserFeedback.objects.give(**values)
    assert caught.value.message_dict == {field: [message]}
    assert not UserFeedback.objects.exists()
    assert not Dmail.objects.exists()


def test_nobody_praises_themselves():
    user = UserFactory()
    with pytest.raises(ValidationError) as caught:
        UserFeedback.objects.give(user, user, "positive", "I am great.")
    assert caught.value.message_dict == {"creator": ["cannot submit feedback for yourself"]}


def test_what_its_creator_changes_is_no_mod_action(feedback):
    feedback.edit(feedback.creator, category="neutral", body="Helps some.", is_deleted=True)
    feedback.refresh_from_db()
    assert (feedback.category, feedback.body, feedback.is_deleted) == ("neutral", "Helps some.", True)
    assert not ModAction.objects.exists()
    assert Dmail.objects.count() == 1


def test_what_others_change_is_a_mod_action(feedback):
    moderator = UserFactory(level=Level.MODERATOR)
    feedback.edit(moderator, body="Helps.")
    feedback.edit(moderator, body="Helps.")
    feedback.edit(moderator, is_deleted=True)
    feedback.edit(moderator, is_deleted=False)
    actions = ModAction.objects.order_by("pk")
    of_bob = f'user feedback for "bob":/users/{feedback.user_id}'
    assert [(action.category_name, action.description) for action in actions] == [
        ("user_feedback_update", f"updated {of_bob}"),
        ("user_feedback_delete", f"deleted {of_bob}"),
        ("user_feedback_update", f"updated {of_bob}"),
    ]
    assert {action.creator for action in actions} == {moderator}


def test_a_bad_change_changes_nothing(feedback):
    with pytest.raises(ValidationError):
        feedback.edit(feedback.creator, body=" ")
    feedback.refresh_from_db()
    assert feedback.body == "Helps others."


def test_deleted_feedback_is_for_moderators_and_counts_no_more(feedback):
    feedback.edit(feedback.creator, is_deleted=True)
    visible = UserFeedback.objects.visible_to
    assert not visible(None).exists()
    assert not visible(feedback.creator).exists()
    assert list(visible(UserFactory(level=Level.MODERATOR))) == [feedback]
    assert UserFeedback.objects.counts() == {"positive": 0, "negative": 0, "neutral": 0}


def test_feedback_is_counted_by_category(feedback):
    UserFeedback.objects.give(feedback.user, feedback.creator, "negative", "Late.")
    assert UserFeedback.objects.counts() == {"positive": 1, "negative": 1, "neutral": 0}
