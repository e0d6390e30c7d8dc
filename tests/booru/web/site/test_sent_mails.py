from datetime import timedelta
from uuid import uuid4

import pytest
from django.core import mail as django_mail
from django.utils import timezone

from booru.models import Level
from jobs.engine.context import RequestContext, use_context
from jobs.engine.testing import perform_enqueued_jobs
from mailers.models import MailServerTrouble, SentMail
from mailers.user_mailer import UserMailer
from tests.support.factories import EmailAddressFactory, SentMailFactory, UserFactory


@pytest.fixture
def client(browser, admin):
    return browser(admin)


def ids(client, **params):
    query = {f"search[{name}]": value for name, value in params.items()}
    return [record["id"] for record in client.get("/sent_mails.json", query).json()]


def test_the_list_is_searched(client):
    old = SentMailFactory(
        created_at=timezone.now() - timedelta(days=30),
        mail="UserMailer.welcome_user",
        status="bounced",
        reason="550 5.1.1 no such user",
        request_id="request-1",
        job_id=uuid4(),
    )
    new = SentMailFactory()
    assert ids(client) == [new.pk, old.pk]
    assert ids(client, user_name=old.user.name) == ids(client, user_id=old.user_id) == [old.pk]
    assert ids(client, **{"user][name": new.user.name}) == [new.pk]
    assert ids(client, recipient=old.recipient.upper()) == [old.pk]
    assert ids(client, recipient="*@EXAMPLE.com") == [new.pk, old.pk]
    assert ids(client, recipient="example.com") == []
    assert ids(client, mail="UserMailer.welcome_user") == [old.pk]
    assert ids(client, status="bounced") == ids(client, status_not="sent") == [old.pk]
    assert ids(client, status="bounced,sent") == [new.pk, old.pk]
    assert ids(client, request_id="request-1") == [old.pk]
    assert ids(client, job_id=old.job_id) == [old.pk]
    assert ids(client, job_id="nonsense") == []
    for name in (old.message_id, old.message_id.strip("<>"), old.provider_message_id):
        assert ids(client, message_id=name) == [old.pk]
    assert ids(client, created_at="<1w") == [new.pk]
    assert ids(client, created_at=">1w") == [old.pk]
    assert ids(client, reason_ilike="*no such user*") == [old.pk]
    assert ids(client, order="id_asc") == [old.pk, new.pk]


def test_a_mail_server_that_is_left_alone_is_named(client):
    now = timezone.now()
    soon = now + timedelta(minutes=1)
    MailServerTrouble.objects.create(server="mx.example:25", failures=4, reason="421 <busy>", retry_at=soon)
    MailServerTrouble.objects.create(server="old.example:25", failures=1, reason="it was away", retry_at=now)
    page = client.get("/sent_mails").content.decode()
    assert "The mail server mx.example:25 has failed 4 times in a row" in page
    assert "&lt;busy&gt;" in page
    assert "old.example" not in page


def test_the_list_goes_page_by_page(client):
    mails = [SentMailFactory().pk for _ in range(3)]
    page = client.get("/sent_mails?limit=2").content.decode()
    assert f"/sent_mails/{mails[2]}" in page
    assert f"/sent_mails/{mails[0]}" not in page
    assert f'href="/sent_mails/{mails[0]}"' in client.get("/sent_mails?limit=2&page=2").content.decode()


def test_an_email_with_its_timeline(client):
    mail = SentMailFactory(status="bounced", reason="550 5.1.1 <b>no</b>", request_id="request-1")
    mail.events.create(status="deferred", reason="451 busy", occurred_at=timezone.now())
    mail.events.create(status="bounced", reason="550 5.1.1 <b>no</b>", occurred_at=timezone.now())
    page = client.get(mail.get_absolute_url()).content.decode()
    assert page.index("first attempt") < page.index("451 busy") < page.rindex("550 5.1.1 &lt;b&gt;no")
    assert "/requests/request-1" in page
    record = client.get(f"/sent_mails/{mail.pk}.json").json()
    assert [event["status"] for event in record["events"]] == ["deferred", "bounced"]
    assert (record["recipient"], record["message_id"]) == (mail.recipient, mail.message_id)


def test_an_email_whose_job_and_user_are_gone(client):
    mail = SentMailFactory(user=None, job_id=uuid4(), request_id="", status="not_delivered", sent_at=None)
    page = client.get(mail.get_absolute_url()).content.decode()
    assert "no longer kept" in page
    assert "one that no longer exists" in page


def test_from_the_request_to_the_job_to_the_email_and_back(client):
    bob = UserFactory(with_email=True)
    with use_context(RequestContext(request_id="request-1", method="POST", url="http://x/users")):
        job = UserMailer().welcome_user(bob).deliver_later()
    perform_enqueued_jobs(raise_errors=True)
    mail = SentMail.objects.get()

    def links(address):
        return client.get(address).content.decode()

    assert f'href="{job.get_absolute_url()}"' in links("/requests/request-1")
    assert f'href="{mail.get_absolute_url()}"' in links("/requests/request-1")
    assert f'href="{mail.get_absolute_url()}"' in links(job.get_absolute_url())
    assert 'href="/requests/request-1"' in links(job.get_absolute_url())
    assert f'href="{job.get_absolute_url()}"' in links(mail.get_absolute_url())
    assert 'href="/requests/request-1"' in links(mail.get_absolute_url())
    assert f"/sent_mails?search%5Buser_id%5D={bob.pk}" in links(f"/users/{bob.pk}")


def test_only_admins_get_these_links(browser):
    bob = UserFactory(with_email=True)
    with use_context(RequestContext(request_id="request-1")):
        job = UserMailer().welcome_user(bob).deliver_later()
    perform_enqueued_jobs(raise_errors=True)
    client = browser(UserFactory(level=Level.MODERATOR))
    for address in (job.get_absolute_url(), f"/users/{bob.pk}", "/"):
        page = client.get(address).content.decode()
        assert "/sent_mails" not in page
        assert "/requests/" not in page


def test_a_request_for_programs(client):
    mail = SentMailFactory(request_id="request-1")
    record = client.get("/requests/request-1.json").json()
    assert (record["request_id"], record["jobs"]) == ("request-1", [])
    assert [sent["id"] for sent in record["sent_mails"]] == [mail.pk]


def test_a_request_with_many_emails_leads_to_the_list(client):
    for _ in range(51):
        SentMailFactory(request_id="request-1", user=None)
    page = client.get("/requests/request-1").content.decode()
    assert "/sent_mails?search%5Brequest_id%5D=request-1" in page


def test_nobody_passes_for_another_with_the_id_from_an_email(client, browser, admin):
    """Each recipient of an email reads the id of the sender's request."""
    bob = UserFactory(with_email=True, receive_email_notifications=True)
    admin.receive_email_notifications = True
    admin.save()
    EmailAddressFactory(user=admin)
    dmail = {"dmail[to_name]": bob.name, "dmail[title]": "Hello", "dmail[body]": "Hello"}
    answer = client.post("/dmails", dmail)
    perform_enqueued_jobs(raise_errors=True)
    [message] = django_mail.outbox
    known = message.extra_headers["X-Request-Id"]
    assert known == answer["X-Request-Id"]
    theirs = {**dmail, "dmail[to_name]": admin.name}
    browser(bob).post("/dmails", theirs, headers={"X-Request-Id": known})
    record = client.get(f"/requests/{known}.json").json()
    assert {job["user_name"] for job in record["jobs"]} == {admin.name}
    assert {mail["asker_name"] for mail in record["sent_mails"]} == {admin.name}
    assert {job["user_name"] for job in record["jobs_of_clients"]} == {bob.name}
    page = client.get(f"/requests/{known}").content.decode()
    ours, others = page.split("Other requests that a client called so")
    assert (f"/users/{admin.pk}" in ours.split("<h2>Jobs")[1], "passed on" in ours) == (True, False)
    assert f"/users/{bob.pk}" in others
    [job] = client.get("/jobs.json", {"search[client_request_id]": known}).json()
    assert job["context"]["user_id"] == bob.pk
    assert job["context"]["request_id"] != known
    jobs = client.get("/jobs.json", {"search[request_id]": known}).json()
    assert {one["context"]["user_id"] for one in jobs} == {admin.pk}


def test_what_a_proxy_passed_on_is_told_apart(client):
    people = [UserFactory(with_email=True), UserFactory(with_email=True)]
    for user in people:
        with use_context(RequestContext(request_id="same", method="POST", url="http://x/", user_id=user.pk)):
            UserMailer().welcome_user(user).deliver_later()
    record = client.get("/requests/same.json").json()
    assert {job["user_name"] for job in record["jobs"]} == {user.name for user in people}
    page = client.get("/requests/same").content.decode()
    assert all(f'href="/users/{user.pk}"' in page for user in people)
    assert "Jobs of 2 requests have this id" in page


@pytest.mark.parametrize("address", ["/requests/unknown", "/requests/unknown.json", "/sent_mails/0"])
def test_what_is_not_known_is_not_found(address, client):
    response = client.get(address)
    assert response.status_code == 404
    assert "That record was not found." in response.content.decode()
