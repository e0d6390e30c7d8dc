import pytest

from booru.models import Level, User, UserNameChangeRequest
from tests.support.factories import UserFactory

NEW = "/user_name_change_requests/new"
PATH = "/user_name_change_requests"


@pytest.fixture
def moderator(db):
    return UserFactory(level=Level.MODERATOR)


def form(**values):
    return {f"user_name_change_request[{name}]": value for name, value in values.items()}


def name_of(user):
    return User.objects.get(pk=user.pk).name


def test_one_changes_ones_own_name(browser, member):
    client = browser(member)
    assert client.get(NEW).status_code == 200
    response = client.post(PATH, form(desired_name="New_Name"))
    assert (response.status_code, response["Location"]) == (302, f"/users/{member.pk}")
    assert name_of(member) == "New_Name"
    page = client.get(response["Location"]).content.decode()
    assert "Name changed to New Name" in page
    assert "Was called" in page


@pytest.mark.parametrize(
    ("name", "message"),
    [
        ("taken", "Name already taken"),
        ("x", "Name must be more than 1 character long"),
        ("user_7", "Name can't be the same as a deleted user"),
    ],
)
def test_a_bad_name_is_shown_again(browser, member, name, message):
    UserFactory(name="Taken")
    response = browser(member).post(PATH, form(desired_name=name))
    assert response.status_code == 200
    text = response.content.decode().replace("&#x27;", "'")
    assert message in text
    assert f'value="{name}"' in text
    assert name_of(member) == member.name


def test_once_a_week(browser, member):
    client = browser(member)
    client.post(PATH, form(desired_name="first_name"))
    response = client.post(f"{PATH}.json", form(desired_name="second_name"))
    assert response.status_code == 422
    message = "You can only submit one name change request per week"
    assert response.json() == {"errors": {"base": [message]}}
    assert name_of(member) == "first_name"


@pytest.mark.parametrize("fields", [{"is_banned": True}, {"level": Level.RESTRICTED}])
def test_who_is_not_in_good_standing_keeps_a_valid_name(browser, db, fields):
    user = UserFactory(**fields)
    assert browser(user).get(NEW).status_code == 403
    assert browser(user).post(PATH, form(desired_name="other_name")).status_code == 403


@pytest.mark.parametrize("fields", [{"is_banned": True}, {"level": Level.RESTRICTED}, {}])
def test_who_has_an_invalid_name_changes_it_always(browser, db, fields):
    user = UserFactory(name="bad**name", **fields)
    assert browser(user).get(NEW).status_code == 200
    assert browser(user).post(PATH, form(desired_name="good_name")).status_code == 302
    assert name_of(user) == "good_name"


def test_moderators_change_names_below_them(browser, moderator, member):
    client = browser(moderator)
    assert client.get(f"{NEW}?user_id={member.pk}").status_code == 200
    response = client.post(PATH, form(user_id=member.pk, desired_name="flower"))
    assert response["Location"] == f"/users/{member.pk}"
    assert name_of(member) == "flower"
    builder = UserFactory(level=Level.APPROVER)
    client.post(PATH, form(user_id=builder.pk, desired_name="tree"))
    assert name_of(builder) == "tree"


@pytest.mark.parametrize("level", [Level.MODERATOR, Level.ADMIN])
def test_nobody_changes_the_names_of_moderators(browser, level):
    user, owner = UserFactory(level=level), UserFactory(level=Level.OWNER)
    assert browser(owner).get(f"{NEW}?user_id={user.pk}").status_code == 403
    assert browser(owner).post(PATH, form(user_id=user.pk, desired_name="flower")).status_code == 403


@pytest.mark.parametrize("level", [Level.MEMBER, Level.APPROVER])
def test_others_change_only_their_own(browser, member, level):
    other = UserFactory(level=level)
    assert browser(other).post(PATH, form(user_id=member.pk, desired_name="flower")).status_code == 403
    assert name_of(member) == member.name


def test_nobody_renames_the_deleted(browser, moderator):
    user = UserFactory(is_deleted=True)
    assert browser(moderator).get(f"{NEW}?user_id={user.pk}").status_code == 403


@pytest.mark.parametrize("user_id", ["0", "x", "9" * 30])
def test_a_user_who_is_not_there(browser, moderator, user_id):
    assert browser(moderator).get(f"{NEW}?user_id={user_id}").status_code == 404


def test_who_sees_which_changes(browser, moderator, member):
    gone = UserFactory(is_deleted=True)
    kept, hidden = (
        UserNameChangeRequest.objects.create(user=user, original_name=f"old{user.pk}", desired_name="x")
        for user in (member, gone)
    )

    def listed(user):
        return {record["id"] for record in browser(user).get(f"{PATH}.json").json()}

    assert listed(moderator) == {kept.pk, hidden.pk}
    assert listed(member) == {kept.pk}
    assert browser().get(f"{PATH}.json").status_code == 403
    assert browser(member).get(f"{PATH}/{kept.pk}").status_code == 200
    assert browser(member).get(f"{PATH}/{hidden.pk}").status_code == 403
    assert browser(moderator).get(f"{PATH}/{hidden.pk}").status_code == 200
    assert f"old{gone.pk}" in browser(moderator).get(f"/users/{gone.pk}").content.decode()
    for viewer in (None, member):
        assert f"old{gone.pk}" not in browser(viewer).get(f"/users/{gone.pk}").content.decode()
    assert f"old{member.pk}" not in browser().get(f"/users/{member.pk}").content.decode()


def test_changes_are_found(browser, member):
    change = UserNameChangeRequest.objects.create(user=member, original_name="Alice", desired_name="Bob")
    UserNameChangeRequest.objects.create(user=UserFactory(), original_name="Tom", desired_name="Jerry")
    for params in ({"original_name_ilike": "al*"}, {"user_id": member.pk}, {"desired_name": "Bob"}):
        query = {f"search[{name}]": value for name, value in params.items()}
        records = browser(member).get(f"{PATH}.json", query).json()
        assert [record["id"] for record in records] == [change.pk]
    assert records[0]["original_name"] == "Alice"
