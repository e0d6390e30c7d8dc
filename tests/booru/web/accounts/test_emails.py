"""The pages of email addresses (behaviour F.8)."""

from datetime import timedelta

import pytest

from booru.models import EmailAddress, Level, ModAction, User, UserEvent
from jobs.engine.models import BackgroundJob
from jobs.engine.testing import perform_enqueued_jobs
from mailers.content.links import verify_url
from tests.support import database_clock
from tests.support.buttons import click
from tests.support.factories import EmailAddressFactory, UserFactory


def path(url):
    return "/" + url.split("/", 3)[3]


def mails():
    return [job.arguments["args"][1] for job in BackgroundJob.objects.order_by("pk")]


def change(client, user, address, **extra):
    fields = {"_method": "put", "email_address[address]": address, **extra}
    return client.post(f"/users/{user.pk}/email", fields)


def notice_of(client, response):
    return client.get(response["Location"]).content.decode()


# Looking


def test_ones_own_address_as_json(browser):
    address = EmailAddressFactory(address="Foo@Gmail.com", normalized_address="foo@gmail.com")
    record = browser(address.user).get(f"/users/{address.user_id}/email.json").json()
    assert record["address"] == "Foo@Gmail.com"
    assert record["normalized_address"] == "foo@gmail.com"
    assert record["is_verified"] is record["is_deliverable"] is True
    assert record == browser(address.user).get(f"/emails/{address.pk}.json").json()


@pytest.mark.parametrize("suffix", ["", ".json"])
def test_an_address_that_is_not_there_is_not_found_and_nobody_elses_business(browser, member, admin, suffix):
    for viewer, status in [(member, 404), (admin, 404), (UserFactory(), 403), (None, 403)]:
        assert browser(viewer).get(f"/users/{member.pk}/email{suffix}").status_code == status


def test_moderators_see_the_addresses_of_users_below_them_and_their_own(browser):
    for level in (Level.MEMBER, Level.BUILDER, Level.MODERATOR, Level.ADMIN):
        EmailAddressFactory(user__level=level, address=f"{level.name.lower()}@example.com")
    moderator = EmailAddressFactory(user__level=Level.MODERATOR, address="me@example.com").user
    seen = {record["address"] for record in browser(moderator).get("/emails.json").json()}
    assert seen == {"member@example.com", "builder@example.com", "me@example.com"}
    page = browser(moderator).get("/emails").content.decode()
    assert "builder@example.com" in page
    assert "admin@example.com" not in page


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("user_name=someone", ["a"]),
        ("address=c@EXAMPLE.org", []),
        ("address=c@example.org", ["c"]),
        ("address_ilike=*@Example.*", ["c"]),
        ("normalized_address=a@outlook.com", ["a"]),
        ("is_verified=false", ["b"]),
        ("is_deliverable=no", ["c"]),
        ("is_restricted=true", ["c"]),
        ("is_restricted=false", ["b", "a"]),
        ("is_restricted=perhaps", []),
        ("user[level]=30", ["b"]),
        ("user_id=x", []),
        ("order=id_asc", ["a", "b", "c"]),
    ],
)
def test_addresses_are_searched(browser, query, found):
    EmailAddressFactory(address="a@live.nl", user__name="someone")
    EmailAddressFactory(address="b@gmail.com", is_verified=False, user__level=Level.GOLD)
    EmailAddressFactory(address="c@example.org", is_deliverable=False)
    client = browser(UserFactory(level=Level.MODERATOR))
    name, _, value = query.partition("=")
    key = f"search[{name}]" if "[" not in name else "search[user][level]"
    records = client.get("/emails.json", {key: value}).json()
    assert [record["address"][0] for record in records] == found
    assert client.get("/emails", {key: value}).status_code == 200


# Changing one's own


def test_a_first_address(browser, member):
    client = browser(member)
    response = change(client, member, "foo@example.com")
    assert (response.status_code, response["Location"]) == (302, "/settings")
    assert "Check your email to confirm your new address" in notice_of(client, response)
    address = EmailAddress.objects.get(user=member)
    assert not address.is_verified
    event = UserEvent.objects.get(user=member, category=UserEvent.Category.EMAIL_CHANGE)
    assert event.ip_addr == "127.0.0.1"
    assert mails() == ["email_change_confirmation"]
    assert not ModAction.objects.exists()


def test_the_email_tells_the_request_that_changed_the_address(browser, member):
    client = browser(member)
    fields = {"email_address": {"address": "foo@example.com"}}
    response = client.put(f"/users/{member.pk}/email.json", fields, "application/json")
    assert response.status_code == 204
    context = BackgroundJob.objects.get().context
    assert context["request_id"] == response["X-Request-Id"]
    assert context["method"] == "PUT"
    assert context["user_id"] == member.pk


@pytest.mark.parametrize(
    "typed", ["invalid", "", " ", "taken@example.com", "a" * 200_000, "a@b.com\r\nBcc: c@d.com"]
)
def test_a_bad_address_changes_nothing(browser, typed):
    EmailAddressFactory(address="taken@example.com")
    user = EmailAddressFactory(address="old@example.com").user
    response = change(browser(user), user, typed)
    assert response.status_code == 200
    address = EmailAddress.objects.get(user=user)
    assert (address.address, address.is_verified) == ("old@example.com", True)
    assert BackgroundJob.objects.count() == UserEvent.objects.count() == 0


@pytest.mark.parametrize(
    ("typed", "message"),
    [
        ("invalid", "Address is invalid"),
        ("", "Address can&#x27;t be blank"),
        (f"{'a' * 100}@example.com", "Address is too long (maximum is 100 characters)"),
        ("t.a.k.e.n+x@googlemail.com", "Email address has already been taken"),
    ],
)
def test_what_is_wrong_with_an_address_is_said_in_danboorus_words(browser, member, typed, message):
    EmailAddressFactory(address="taken@gmail.com")
    page = change(browser(member), member, typed).content.decode()
    assert page.count(message) == 2, "in the notice and beside the field"
    assert f'value="{typed}"' in page or typed == ""


def test_programs_get_422_with_what_is_wrong(browser, member):
    body = {"email_address": {"address": "invalid"}}
    response = browser(member).put(f"/users/{member.pk}/email.json", body, "application/json")
    assert response.status_code == 422
    assert response.json() == {"errors": {"address": ["is invalid"]}}


def test_a_field_that_nobody_may_set_is_refused(browser, member):
    response = change(browser(member), member, "foo@example.com", **{"email_address[is_verified]": "true"})
    assert response.status_code == 403
    assert not EmailAddress.objects.exists()


def test_the_same_address_again_is_no_change(browser):
    user = EmailAddressFactory(address="foo@example.com").user
    client = browser(user)
    response = change(client, user, "foo@example.com")
    assert "This is the address already, and it is confirmed" in notice_of(client, response)
    assert EmailAddress.objects.get().is_verified
    assert BackgroundJob.objects.count() == UserEvent.objects.count() == 0


def test_the_password_is_asked_for_again_after_an_hour(browser, member):
    EmailAddressFactory(user=member, address="old@example.com")
    client = browser(member, authenticated=timedelta(hours=2))
    confirm = "/session/confirm_password?url="
    response = client.get(f"/users/{member.pk}/email/edit")
    assert response["Location"] == f"{confirm}/users/{member.pk}/email/edit"
    assert change(client, member, "new@example.com")["Location"].startswith(confirm)
    response = client.post(f"/users/{member.pk}/email", {"_method": "delete"})
    assert response["Location"].startswith(confirm)
    assert EmailAddress.objects.get().address == "old@example.com"
    assert (
        browser(member, authenticated=timedelta(minutes=59)).get(f"/users/{member.pk}/email/edit").status_code
        == 200
    )


def test_the_banned_keep_their_address(browser):
    user = EmailAddressFactory(address="old@example.com", user__is_banned=True).user
    client = browser(user)
    assert client.get(f"/users/{user.pk}/email/edit").status_code == 403
    assert change(client, user, "new@example.com").status_code == 403
    assert client.get(f"/users/{user.pk}/email").status_code == 200


def test_the_link_in_the_email_confirms_the_new_address(browser, member, mailoutbox, settings):
    settings.DANBOORU_CANONICAL_URL = "https://booru.example"
    change(browser(member), member, "foo@example.com")
    perform_enqueued_jobs(raise_errors=True)
    (message,) = mailoutbox
    assert "foo@example.com" in message.to[0]
    (link,) = [word for word in message.body.split() if "/email/verify?" in word]
    response = click(browser(), path(link), "Verify email address")
    assert response["Location"] == f"/users/{member.pk}"
    assert EmailAddress.objects.get().is_verified


# Changing somebody else's


def test_an_admin_changes_a_members_address(browser, admin):
    user = EmailAddressFactory(address="old@danbooru.donmai.us").user
    client = browser(admin)
    response = change(client, user, "new@danbooru.donmai.us")
    assert response["Location"] == f"/admin/users/{user.pk}/edit"
    assert "Updated email address" in notice_of(client, response)
    address = EmailAddress.objects.get()
    assert (address.address, address.is_verified) == ("new@danbooru.donmai.us", False)
    action = ModAction.objects.get()
    assert action.creator == admin
    assert action.description == (
        f"changed user #{user.pk}'s email from old@danbooru.donmai.us to new@danbooru.donmai.us"
    )
    assert not UserEvent.objects.filter(category=UserEvent.Category.EMAIL_CHANGE).exists()
    assert mails() == ["email_change_confirmation", "email_address_changed", "email_address_changed"]


def test_an_admins_bad_change_changes_nothing(browser, admin):
    user = EmailAddressFactory(address="old@example.com").user
    assert change(browser(admin), user, "invalid").status_code == 200
    address = EmailAddress.objects.get()
    assert (address.address, address.is_verified) == ("old@example.com", True)
    assert BackgroundJob.objects.count() == ModAction.objects.count() == 0


@pytest.mark.parametrize("level", [Level.MODERATOR, Level.ADMIN, Level.OWNER])
def test_an_admin_leaves_the_staffs_addresses_alone(browser, admin, level):
    user = EmailAddressFactory(user__level=level, address="old@example.com").user
    assert browser(admin).get(f"/users/{user.pk}/email/edit").status_code == 403
    assert change(browser(admin), user, "new@example.com").status_code == 403
    assert EmailAddress.objects.get().address == "old@example.com"


def test_nobody_removes_anothers_address(browser, admin):
    user = EmailAddressFactory().user
    assert browser(admin).delete(f"/users/{user.pk}/email").status_code == 403
    assert EmailAddress.objects.exists()


# Removing


def test_removing_ones_own_address(browser):
    user = EmailAddressFactory().user
    client = browser(user)
    response = client.post(f"/users/{user.pk}/email", {"_method": "delete"})
    assert (response.status_code, response["Location"]) == (303, "/settings")
    assert "Email address removed" in notice_of(client, response)
    assert not EmailAddress.objects.exists()
    assert UserEvent.objects.get(category=UserEvent.Category.EMAIL_CHANGE).user == user
    assert mails() == ["email_address_removed"]
    assert client.delete(f"/users/{user.pk}/email").status_code == 404


def test_a_program_removes_an_address(browser):
    user = EmailAddressFactory().user
    assert browser(user).delete(f"/users/{user.pk}/email.json").status_code == 204
    assert not EmailAddress.objects.exists()


# Confirming


def unverified(address="somebody@gmail.com", **fields):
    return EmailAddressFactory(address=address, is_verified=False, **fields)


def test_the_link_from_the_email_verifies_without_login(browser):
    address = unverified()
    client = browser()
    response = click(client, path(verify_url(address)), "Verify email address")
    assert response["Location"] == f"/users/{address.user_id}"
    assert "Email address verified" in notice_of(client, response)
    address.refresh_from_db()
    assert address.is_verified


@pytest.mark.parametrize(
    ("address", "level", "level_after", "flag"),
    [
        ("a@gmail.com", Level.RESTRICTED, Level.MEMBER, True),
        ("a@hotmail.fr", Level.RESTRICTED, Level.MEMBER, True),
        ("a@example.com", Level.RESTRICTED, Level.RESTRICTED, False),
        ("a@gmail.com", Level.MEMBER, Level.MEMBER, False),
        ("a@gmail.com", Level.GOLD, Level.GOLD, False),
    ],
)
def test_verifying_lifts_a_restriction(browser, address, level, level_after, flag):
    record = unverified(address, user__level=level)
    click(browser(checks_csrf=True), path(verify_url(record)), "Verify email address")
    record.user.refresh_from_db()
    assert (record.user.level, record.user.is_verified) == (level_after, flag)


@pytest.mark.parametrize("method", ["get", "head"])
@pytest.mark.parametrize("who", ["stranger", "owner"])
def test_opening_the_link_changes_nothing(browser, method, who):
    """Programs that scan mail open every link in it."""
    address = unverified(user__level=Level.RESTRICTED)
    client = browser(address.user if who == "owner" else None)
    assert getattr(client, method)(path(verify_url(address))).status_code == 200
    address.refresh_from_db()
    assert not address.is_verified
    assert User.objects.get().level == Level.RESTRICTED


def test_who_has_clicked_already_is_told_so(browser):
    address = EmailAddressFactory(is_verified=True)
    response = browser().get(path(verify_url(address)))
    assert response["Location"] == f"/users/{address.user_id}"


def test_a_click_without_a_key_or_from_another_site_is_refused(browser):
    address = unverified()
    page, key = path(verify_url(address)).split("?email_verification_key=")
    assert browser(address.user).post(page).status_code == 403
    assert browser(address.user).post(page, {"email_verification_key": "nonsense"}).status_code == 403
    assert browser(checks_csrf=True).post(page, {"email_verification_key": key}).status_code == 403
    address.refresh_from_db()
    assert not address.is_verified


def test_a_forged_key_is_refused(browser):
    address = unverified()
    page = f"/users/{address.user_id}/email/verify"
    for key in ("nonsense", path(verify_url(address)).split("=")[1][:-1] + "x", "é", "~", "a" * 5000):
        assert browser(address.user).get(page, {"email_verification_key": key}).status_code == 403
        assert browser().get(page, {"email_verification_key": key}).status_code == 403
    address.refresh_from_db()
    assert not address.is_verified


def test_a_key_of_another_address_is_as_good_as_none(browser):
    address = unverified()
    key = path(verify_url(unverified("other@gmail.com"))).split("?")[1]
    page = f"/users/{address.user_id}/email/verify?{key}"
    assert browser().get(page).status_code == 403
    assert "Resend confirmation email" in browser(address.user).get(page).content.decode()
    address.refresh_from_db()
    assert not address.is_verified


def test_a_key_does_not_verify_the_address_that_came_after_it(browser):
    address = unverified("old@gmail.com")
    link = path(verify_url(address))
    change(browser(address.user), address.user, "new@gmail.com")
    assert browser().get(link).status_code == 403
    address.refresh_from_db()
    assert not address.is_verified


def test_without_a_key_the_owner_may_have_the_email_sent_again(browser):
    address = unverified()
    client = browser(address.user)
    page = client.get(f"/users/{address.user_id}/email/verify").content.decode()
    assert "Resend confirmation email" in page
    response = client.post(f"/users/{address.user_id}/email/send_confirmation")
    assert response["Location"] == f"/users/{address.user_id}"
    notice = "Confirmation email sent to somebody@gmail.com. Check your email to confirm your address"
    assert notice in notice_of(client, response)
    assert mails() == ["welcome_user"]


def test_others_have_no_email_sent_again(browser, admin):
    address = unverified()
    for viewer in (None, UserFactory(), admin):
        client = browser(viewer)
        assert client.get(f"/users/{address.user_id}/email/verify").status_code == 403
        assert client.post(f"/users/{address.user_id}/email/send_confirmation").status_code == 403
    assert mails() == []


def test_who_confirms_without_an_address_is_led_to_where_one_is_added(browser, member):
    response = browser(member).get(f"/users/{member.pk}/email/verify")
    assert response["Location"] == f"/users/{member.pk}/email/edit"
    assert browser().get(f"/users/{member.pk}/email/verify").status_code == 403


def test_without_an_address_no_confirmation_is_sent(browser, member):
    client = browser(member)
    response = client.post(f"/users/{member.pk}/email/send_confirmation")
    assert response["Location"] == "/settings"
    assert "Your account has no email address" in notice_of(client, response)
    assert mails() == []


# How often


@pytest.fixture
def limits(settings):
    settings.DANBOORU_RATE_LIMITS = True
    database_clock.stand_still()


def test_one_changes_ones_address_three_times_and_then_waits(browser, member, limits):
    client = browser(member)
    statuses = [change(client, member, f"foo{number}@example.com").status_code for number in range(4)]
    assert statuses == [302, 302, 302, 429]
    assert EmailAddress.objects.get().address == "foo2@example.com"


def test_bad_addresses_are_limited_apart(browser, member, limits):
    client = browser(member)
    statuses = [change(client, member, "invalid").status_code for _ in range(7)]
    assert statuses[:5] == [200] * 5
    assert statuses[-1] == 429
    assert change(client, member, "foo@example.com").status_code == 302


def test_an_admin_changes_five_addresses_and_then_waits(browser, admin, limits):
    client = browser(admin)
    users = [UserFactory() for _ in range(6)]
    statuses = [change(client, user, f"{user.name}@example.com").status_code for user in users]
    assert statuses == [302] * 5 + [429]


def test_confirmations_are_sent_three_times_and_then_not_for_a_while(browser, limits):
    address = unverified()
    client = browser(address.user)
    page = f"/users/{address.user_id}/email/send_confirmation"
    assert [client.post(page).status_code for _ in range(4)] == [302, 302, 302, 429]
    assert len(mails()) == 3


def test_one_mailbox_is_not_flooded_through_many_accounts(browser, limits):
    statuses = []
    for number in range(6):
        user = UserFactory()
        client = browser(user)
        # Each from a network of its own.
        client.defaults["REMOTE_ADDR"] = f"8.8.{number}.8"
        statuses.append(change(client, user, f"victim+{number}@gmail.com").status_code)
        EmailAddress.objects.all().delete()
    assert statuses == [302] * 5 + [429]
