import pytest

from booru.models import Level, ModAction, User
from tests.support.factories import UserFactory


@pytest.fixture
def moderator(db):
    return UserFactory(level=Level.MODERATOR)


def promote(client, user, level, path="/admin/users/{}"):
    return client.post(path.format(user.pk), {"_method": "put", "user[level]": level})


def level_of(user):
    return User.objects.get(pk=user.pk).level


@pytest.mark.parametrize("level", ["32", "builder", "Builder"])
def test_a_moderator_promotes(browser, moderator, member, level):
    client = browser(moderator)
    response = promote(client, member, level)
    assert (response.status_code, response["Location"]) == (302, f"/users/{member.pk}")
    assert level_of(member) == Level.BUILDER
    assert ModAction.objects.get().category_name == "user_level_change"


def test_only_levels_below_ones_own_are_offered(browser, moderator, admin, member):
    page = browser(moderator).get(f"/admin/users/{member.pk}/edit").content.decode()
    assert '<option value="20" selected>Member</option>' in page
    assert '<option value="37">Approver</option>' in page
    assert '<option value="40">Moderator</option>' not in page
    assert '<option value="0">' not in page
    page = browser(admin).get(f"/admin/users/{member.pk}/edit").content.decode()
    assert '<option value="40">Moderator</option>' in page


@pytest.mark.parametrize(
    ("promoter", "user", "level", "message"),
    [
        (Level.MEMBER, Level.MEMBER, 30, "You can't promote or demote other users"),
        (Level.MODERATOR, Level.MEMBER, 40, "You can't promote other users to your rank or above"),
        (
            Level.MODERATOR,
            Level.ADMIN,
            20,
            "You can't promote or demote other users at your rank or above",
        ),
    ],
)
@pytest.mark.django_db
def test_refusals_say_why(browser, promoter, user, level, message):
    record = UserFactory(level=user)
    response = promote(browser(UserFactory(level=promoter)), record, level)
    assert response.status_code == 403
    assert message in response.content.decode().replace("&#x27;", "'")
    assert level_of(record) == user


def test_nobody_promotes_themselves(browser, admin):
    response = promote(browser(admin), admin, 40, "/admin/users/{}.json")
    assert response.status_code == 403
    assert response.json()["message"] == "You can't promote or demote yourself"


def test_anonymous_visitors_are_refused(browser, member):
    assert promote(browser(), member, 30).status_code == 403


@pytest.mark.parametrize("level", ["", "21", "great", "-5", "0", "9" * 30])
def test_a_level_that_there_is_not(browser, moderator, member, level):
    response = promote(browser(moderator), member, level)
    assert response.status_code == 200
    assert "Level is not included in the list" in response.content.decode()
    assert level_of(member) == Level.MEMBER


def test_nothing_else_can_be_set(browser, moderator, member):
    fields = {"_method": "put", "user[is_banned]": "true"}
    assert browser(moderator).post(f"/admin/users/{member.pk}", fields).status_code == 403


def test_the_page_leads_to_what_else_one_may_do(browser, moderator, admin, member):
    page = browser(moderator).get(f"/admin/users/{member.pk}/edit").content.decode()
    assert "Change name" in page
    assert "Give feedback" in page
    assert "Ban" in page
    assert "Change email address" not in page
    page = browser(admin).get(f"/admin/users/{member.pk}/edit").content.decode()
    assert f"/users/{member.pk}/email/edit" in page
