import pytest
from django.core.exceptions import ValidationError

from booru.models import Dmail, Level, ModAction, User, UserFeedback
from booru.services.accounts.promotions import PromotionRefused, promote
from jobs.engine.testing import enqueued_jobs
from jobs.mail import MailDeliveryJob
from tests.support.factories import UserFactory

pytestmark = pytest.mark.django_db


def nobody_was_told():
    return not any(model.objects.exists() for model in (Dmail, UserFeedback, ModAction))


def test_a_promotion_is_on_record_and_the_user_is_told():
    moderator = UserFactory(level=Level.MODERATOR)
    user = UserFactory(name="good_one", with_email=True, receive_email_notifications=True)
    promote(user, moderator, Level.APPROVER)
    text = "You have been promoted to an Approver level account from Member."
    assert User.objects.get(pk=user.pk).level == user.level == Level.APPROVER
    feedback = UserFeedback.objects.get()
    assert (feedback.user, feedback.creator, feedback.category) == (user, moderator, "neutral")
    assert feedback.body == text
    dmail = Dmail.objects.get()
    assert (dmail.owner, dmail.is_automated) == (user, True)
    assert (dmail.title, dmail.body) == ("Your account has been updated", text)
    action = ModAction.objects.get()
    assert action.description == f'promoted "good_one":/users/{user.pk} from Member to Approver'
    assert (action.creator, action.category_name) == (moderator, "user_level_change")
    assert (action.subject_type, action.subject_id) == ("User", user.pk)
    assert len(enqueued_jobs(MailDeliveryJob)) == 1


@pytest.mark.parametrize(
    ("old", "new", "text"),
    [
        (Level.MEMBER, Level.GOLD, "promoted to a Gold level account from Member."),
        (Level.MEMBER, Level.ADMIN, "promoted to an Admin level account from Member."),
        (Level.BUILDER, Level.MEMBER, "demoted to a Member level account from Builder."),
        (Level.APPROVER, Level.CONTRIBUTOR, "demoted to a Contributor level account from Approver."),
        (Level.MEMBER, Level.RESTRICTED, "demoted to a Restricted level account from Member."),
        (Level.RESTRICTED, Level.MEMBER, "promoted to a Member level account from Restricted."),
    ],
)
def test_up_and_down(old, new, text):
    user = UserFactory(level=old)
    promote(user, UserFactory(level=Level.OWNER), new)
    assert User.objects.get(pk=user.pk).level == new
    assert Dmail.objects.get().body == UserFeedback.objects.get().body == f"You have been {text}"
    assert ModAction.objects.get().description.startswith(text.split()[0])


OTHERS = "You can't promote or demote other users"
RANK_OR_ABOVE = "You can't promote other users to your rank or above"
AT_RANK = "You can't promote or demote other users at your rank or above"


@pytest.mark.parametrize(
    ("promoter", "user", "new", "reason"),
    [
        (Level.APPROVER, Level.MEMBER, Level.GOLD, OTHERS),
        (Level.MEMBER, Level.MEMBER, Level.GOLD, OTHERS),
        (Level.MODERATOR, Level.MEMBER, Level.MODERATOR, RANK_OR_ABOVE),
        (Level.MODERATOR, Level.MEMBER, Level.ADMIN, RANK_OR_ABOVE),
        (Level.OWNER, Level.MEMBER, Level.OWNER, RANK_OR_ABOVE),
        (Level.MODERATOR, Level.MODERATOR, Level.MEMBER, AT_RANK),
        (Level.ADMIN, Level.OWNER, Level.MEMBER, AT_RANK),
    ],
)
def test_who_may_not(promoter, user, new, reason):
    record = UserFactory(level=user)
    with pytest.raises(PromotionRefused) as caught:
        promote(record, UserFactory(level=promoter), new)
    assert str(caught.value) == reason
    assert User.objects.get(pk=record.pk).level == user
    assert not (Dmail.objects.exists())
    assert not (UserFeedback.objects.exists())
    assert not (ModAction.objects.exists())


def test_nobody_promotes_themselves():
    admin = UserFactory(level=Level.ADMIN)
    with pytest.raises(PromotionRefused, match="You can't promote or demote yourself"):
        promote(admin, admin, Level.MODERATOR)


def test_a_banned_moderator_promotes_nobody():
    with pytest.raises(PromotionRefused, match=f"^{OTHERS}$"):
        promote(UserFactory(), UserFactory(level=Level.MODERATOR, is_banned=True), Level.GOLD)


@pytest.mark.parametrize("level", [0, 21, -1])
def test_there_is_no_such_level(level):
    user = UserFactory()
    with pytest.raises(ValidationError) as caught:
        promote(user, UserFactory(level=Level.MODERATOR), level)
    assert caught.value.message_dict == {"level": ["is not included in the list"]}
    assert User.objects.get(pk=user.pk).level == Level.MEMBER


def test_the_same_level_is_no_promotion():
    promote(UserFactory(), UserFactory(level=Level.MODERATOR), Level.MEMBER)
    assert not (Dmail.objects.exists())
    assert not (UserFeedback.objects.exists())
    assert not (ModAction.objects.exists())


def test_what_counts_is_the_level_of_now():
    user, moderator = UserFactory(), UserFactory(level=Level.MODERATOR)
    User.objects.filter(pk=user.pk).update(level=Level.ADMIN)
    with pytest.raises(PromotionRefused, match=AT_RANK):
        promote(user, moderator, Level.GOLD)
