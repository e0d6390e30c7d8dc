import pytest

from booru.models import Dmail, Level, ModAction, UserFeedback
from tests.support.factories import UserFactory


@pytest.fixture
def gold(db):
    return UserFactory(level=Level.GOLD)


@pytest.fixture
def moderator(db):
    return UserFactory(level=Level.MODERATOR)


@pytest.fixture
def feedback(member, gold):
    return UserFeedback.objects.give(member, gold, "positive", "Helps [b]others[/b].")


def form(**values):
    return {f"user_feedback[{name}]": value for name, value in values.items()}


def test_a_gold_user_gives_feedback(browser, gold, member):
    client = browser(gold)
    page = client.get(f"/user_feedbacks/new?user_feedback[user_id]={member.pk}").content.decode()
    assert f'value="{member.name}"' in page
    fields = form(user_name=member.name, category="negative", body="Late again.")
    response = client.post("/user_feedbacks", fields)
    feedback = UserFeedback.objects.get()
    assert (response.status_code, response["Location"]) == (302, f"/user_feedbacks/{feedback.pk}")
    assert (feedback.user, feedback.creator, feedback.category) == (member, gold, "negative")
    assert Dmail.objects.get().owner == member


@pytest.mark.parametrize(
    ("level", "is_banned", "status"),
    [(Level.MEMBER, False, 403), (Level.GOLD, True, 403), (Level.GOLD, False, 200)],
)
def test_who_gives_it(browser, db, level, is_banned, status):
    user = UserFactory(level=level, is_banned=is_banned)
    assert browser(user).get("/user_feedbacks/new").status_code == status
    assert browser(user).post("/user_feedbacks", form(body="x")).status_code == status


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"body": ""}, "Body can't be blank"),
        ({"category": "great"}, "Category is not included in the list"),
        ({"user_name": "nobody"}, "User must exist"),
    ],
)
def test_bad_feedback_is_shown_again(browser, gold, member, change, message):
    fields = form(**{"user_name": member.name, "category": "neutral", "body": "Words.", **change})
    response = browser(gold).post("/user_feedbacks", fields)
    assert response.status_code == 200
    assert message in response.content.decode().replace("&#x27;", "'")
    assert not UserFeedback.objects.exists()


def test_nobody_praises_themselves(browser, gold):
    fields = form(user_name=gold.name, category="positive", body="I am great.")
    page = browser(gold).post("/user_feedbacks", fields).content.decode()
    assert "You cannot submit feedback for yourself" in page
    assert not UserFeedback.objects.exists()


def test_its_creator_changes_it(browser, gold, feedback):
    client = browser(gold)
    assert "Helps [b]others" in client.get(f"/user_feedbacks/{feedback.pk}/edit").content.decode()
    fields = {"_method": "put", **form(category="neutral", body="Helps.")}
    assert client.post(f"/user_feedbacks/{feedback.pk}", fields).status_code == 302
    feedback.refresh_from_db()
    assert (feedback.category, feedback.body) == ("neutral", "Helps.")
    assert not ModAction.objects.exists()


def test_a_moderator_deletes_and_restores_it(browser, gold, moderator, feedback):
    path = f"/user_feedbacks/{feedback.pk}"
    deletion = {"_method": "put", **form(is_deleted="true")}
    assert browser(moderator).post(path, deletion).status_code == 302
    assert ModAction.objects.get().category_name == "user_feedback_delete"
    assert browser(gold).get(path).status_code == 403
    assert browser(gold).post(path, deletion).status_code == 403
    assert "deleted" in browser(moderator).get(path).content.decode()
    assert browser(gold).get("/user_feedbacks.json").json() == []
    browser(moderator).post(path, {"_method": "put", **form(is_deleted="false")})
    assert browser(gold).get(path).status_code == 200


def test_nobody_changes_what_was_said_about_them(browser, gold, moderator):
    about = UserFeedback.objects.give(moderator, gold, "negative", "Strict.")
    path = f"/user_feedbacks/{about.pk}"
    assert browser(moderator).get(f"{path}/edit").status_code == 403
    fields = {"_method": "put", **form(is_deleted="true")}
    assert browser(moderator).post(path, fields).status_code == 403


def test_whom_it_is_about_cannot_be_changed(browser, gold, feedback):
    fields = {"_method": "put", **form(user_id=UserFactory().pk)}
    assert browser(gold).post(f"/user_feedbacks/{feedback.pk}", fields).status_code == 403


def test_a_bad_change_is_shown_again(browser, gold, feedback):
    response = browser(gold).post(f"/user_feedbacks/{feedback.pk}", {"_method": "put", **form(body=" ")})
    assert response.status_code == 200
    response = browser(gold).put(
        f"/user_feedbacks/{feedback.pk}.json", {"user_feedback": {"body": ""}}, "application/json"
    )
    assert response.status_code == 422
    assert response.json() == {"errors": {"body": ["can't be blank"]}}


def test_feedback_is_found(browser, feedback, gold, member):
    other = UserFeedback.objects.give(gold, UserFactory(), "neutral", "Words.")

    def found(**params):
        query = {f"search[{name}]": value for name, value in params.items()}
        return [record["id"] for record in browser().get("/user_feedbacks.json", query).json()]

    assert found() == [other.pk, feedback.pk]
    assert found(user_id=member.pk) == found(creator_name=gold.name) == [feedback.pk]
    assert found(category="neutral") == found(body_matches="words") == [other.pk]
    record = browser().get(f"/user_feedbacks/{feedback.pk}.json").json()
    assert record.keys() == {
        *("id", "created_at", "updated_at", "user_id", "creator_id", "category", "body", "is_deleted")
    }
    page = browser().get("/user_feedbacks").content.decode()
    assert "<strong>others</strong>" in page
