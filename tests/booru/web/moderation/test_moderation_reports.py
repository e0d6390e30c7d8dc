from datetime import timedelta

import pytest
from django.utils import timezone

from booru.models import Dmail, Level, ModAction, ModerationReport
from tests.support.factories import DmailFactory, ForumPostFactory, UserFactory


@pytest.fixture
def moderator(db):
    return UserFactory(level=Level.MODERATOR)


def fields(subject, reason="Rude."):
    values = {"model_type": type(subject).__name__, "model_id": subject.pk, "reason": reason}
    return {f"moderation_report[{name}]": value for name, value in values.items()}


def settle(client, report, status):
    return client.post(
        f"/moderation_reports/{report.pk}", {"_method": "put", "moderation_report[status]": status}
    )


def test_a_dmail_is_reported_from_its_page(browser, member):
    dmail = DmailFactory(to_user=member, body="You fool!")
    client = browser(member)
    page = client.get(f"/dmails/{dmail.pk}").content.decode()
    query = f"moderation_report%5Bmodel_type%5D=Dmail&moderation_report%5Bmodel_id%5D={dmail.pk}"
    address = f"/moderation_reports/new?{query}"
    assert address.replace("&", "&amp;") in page
    assert "You fool!" in client.get(address).content.decode()
    response = client.post("/moderation_reports", fields(dmail), follow=True)
    assert response.redirect_chain == [(f"/dmails/{dmail.pk}", 302)]
    assert "Report submitted" in response.content.decode()
    report = ModerationReport.objects.get()
    assert (report.creator, report.subject_name, report.reason) == (member, f"dmail #{dmail.pk}", "Rude.")


def test_a_forum_post_is_reported_from_its_topic(browser, member):
    post = ForumPostFactory()
    client = browser(member)
    page = client.get(f"/forum_topics/{post.topic_id}").content.decode()
    assert f"model_id%5D={post.pk}" in page
    client.post("/moderation_reports", fields(post))
    assert ModerationReport.objects.get().subject_name == f"forum #{post.pk}"


def test_a_report_that_fails_is_shown_again(browser, member):
    dmail = DmailFactory(to_user=member)
    client = browser(member)
    response = client.post("/moderation_reports", fields(dmail, reason=" "))
    assert response.status_code == 200
    assert "Reason can&#x27;t be blank" in response.content.decode()
    client.post("/moderation_reports", fields(dmail))
    page = client.post("/moderation_reports", fields(dmail)).content.decode()
    assert "You have already reported this message" in page
    assert ModerationReport.objects.count() == 1


def test_programs_report_too(browser, member):
    dmail = DmailFactory(to_user=member)
    body = {"moderation_report": {"model_type": "Dmail", "model_id": dmail.pk, "reason": "Rude."}}
    response = browser(member).post("/moderation_reports.json", body, "application/json")
    assert response.status_code == 201
    record = response.json()
    assert (record["model_type"], record["model_id"], record["status"]) == ("Dmail", dmail.pk, "pending")
    assert record["creator_id"] == member.pk
    response = browser(member).post("/moderation_reports.json", body, "application/json")
    assert response.status_code == 422
    assert response.json() == {"errors": {"base": ["You have already reported this message"]}}


def not_mine(_member):
    return DmailFactory()


def sent_by_me(member):
    return Dmail.objects.send(member, UserFactory(), "a", "b")


def from_myself(member):
    return Dmail.objects.send(member, member, "a", "b")


def automated(member):
    return Dmail.objects.send_automated(member, "a", "b")


def from_a_moderator(member):
    return DmailFactory(to_user=member, from_user=UserFactory(level=Level.MODERATOR))


def too_old(member):
    return DmailFactory(to_user=member, created_at=timezone.now() - timedelta(days=366))


def own_post(member):
    return ForumPostFactory(creator=member)


def post_of_a_moderator(_member):
    return ForumPostFactory(creator=UserFactory(level=Level.MODERATOR))


def hidden_post(_member):
    return ForumPostFactory(is_deleted=True)


def post_above_ones_level(_member):
    return ForumPostFactory(topic__min_level=Level.MODERATOR)


@pytest.mark.parametrize(
    "subject_of",
    [
        *(not_mine, sent_by_me, from_myself, automated, from_a_moderator, too_old),
        *(own_post, post_of_a_moderator, hidden_post, post_above_ones_level),
    ],
)
def test_what_is_not_reportable(browser, member, subject_of):
    subject = subject_of(member)
    client = browser(member)
    assert client.post("/moderation_reports", fields(subject)).status_code == 403
    kind = type(subject).__name__
    query = {"moderation_report[model_type]": kind, "moderation_report[model_id]": subject.pk}
    assert client.get("/moderation_reports/new", query).status_code == 403
    assert not ModerationReport.objects.exists()


@pytest.mark.parametrize(
    ("kind", "record_id"), [("Dmail", "0"), ("User", "1"), ("", ""), ("Dmail", "x"), ("ForumPost", "9" * 40)]
)
def test_what_is_not_there_is_not_found(browser, member, kind, record_id):
    values = {"moderation_report[model_type]": kind, "moderation_report[model_id]": record_id}
    client = browser(member)
    assert client.post("/moderation_reports", values).status_code == 404
    assert client.get("/moderation_reports/new", values).status_code == 404


def test_moderators_see_the_report_and_open_the_dmail_by_its_key(browser, member, moderator):
    dmail = DmailFactory(to_user=member, body="You fool!")
    report = ModerationReport.objects.report(member, dmail, "This is rude.")
    client = browser(moderator)
    assert "This is rude." in client.get("/moderation_reports").content.decode()
    page = client.get(f"/moderation_reports/{report.pk}").content.decode()
    assert "This is rude." in page
    assert "You fool!" in page
    assert f"/dmails/{dmail.pk}?key=" in page
    assert client.get(f"/dmails/{dmail.pk}", {"key": dmail.key}).status_code == 200
    assert client.get(f"/dmails/{dmail.pk}").status_code == 403


def test_moderators_find_the_pending_reports_from_every_page(browser, member, moderator):
    link = 'href="/moderation_reports?search%5Bstatus%5D=pending"'
    assert link in browser(moderator).get("/").content.decode()
    assert link not in browser(member).get("/").content.decode()
    assert link not in browser().get("/").content.decode()


def test_a_report_of_what_is_gone_is_still_shown(browser, member, moderator):
    dmail = DmailFactory(to_user=member)
    report = ModerationReport.objects.report(member, dmail, "This is rude.")
    number = dmail.pk
    dmail.delete()
    assert (
        f"dmail #{number} is gone"
        in browser(moderator).get(f"/moderation_reports/{report.pk}").content.decode()
    )
    assert browser(moderator).get("/moderation_reports").status_code == 200


def test_handling_and_rejecting(browser, member, moderator):
    report = ModerationReport.objects.report(member, DmailFactory(to_user=member), "Rude.")
    client = browser(moderator)
    response = settle(client, report, "rejected")
    assert response["Location"] == f"/moderation_reports/{report.pk}"
    assert "rejected" in client.get(response["Location"]).content.decode()
    settle(client, report, "handled")
    report.refresh_from_db()
    assert report.status_name == "handled"
    assert ModAction.objects.count() == 2
    assert Dmail.objects.filter(to_user=member, title__startswith="Thank you for reporting dmail #").exists()
    assert "modreport" in client.get("/mod_actions").content.decode()
    assert "modreport" not in browser(member).get("/mod_actions").content.decode()


@pytest.mark.parametrize("status", ["", "pending", "2", "nonsense"])
def test_a_status_that_is_none_changes_nothing(browser, member, moderator, status):
    report = ModerationReport.objects.report(member, DmailFactory(to_user=member), "Rude.")
    client = browser(moderator)
    assert settle(client, report, status).status_code == 302
    body = {"moderation_report": {"status": status}}
    assert client.put(f"/moderation_reports/{report.pk}.json", body, "application/json").status_code == 422
    report.refresh_from_db()
    assert report.status_name == "pending"
    assert not ModAction.objects.exists()


def test_search(browser, member, moderator):
    about_dmail = ModerationReport.objects.report(member, DmailFactory(to_user=member), "Rude words.")
    about_post = ModerationReport.objects.report(UserFactory(), ForumPostFactory(), "Boring.")
    about_post.settle(moderator, ModerationReport.Status.REJECTED)
    client = browser(moderator)

    def found(query):
        return {record["id"] for record in client.get(f"/moderation_reports.json?{query}").json()}

    assert found("") == {about_dmail.pk, about_post.pk}
    assert found("search[status]=pending") == {about_dmail.pk}
    assert found("search[status]=rejected") == {about_post.pk}
    assert found(f"search[creator_name]={member.name}") == {about_dmail.pk}
    assert found("search[reason_matches]=word") == {about_dmail.pk}
    assert found("search[model_type]=ForumPost") == {about_post.pk}
    assert found(f"search[model_id]={about_dmail.subject_id}&search[model_type]=Dmail") == {about_dmail.pk}
