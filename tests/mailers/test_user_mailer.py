"""What each email says, in both parts (behaviour G.3)."""

from __future__ import annotations

import pytest

from booru.models import User
from jobs.engine.context import RequestContext
from mailers.content import tokens
from mailers.user_mailer import UserMailer
from tests.mailers.people import COMPLAINT, every_email, make_dmail, make_event, make_user
from tests.mailers.reading import Links, parts, received, wire_of

pytestmark = pytest.mark.django_db


def test_dmail_notice_is_from_notifications_to_the_recipient_by_name() -> None:
    alice, bob = make_user("alice"), make_user("bob_b", "bob@example.com")
    message = received(UserMailer().dmail_notice(make_dmail(alice, bob)))
    assert message["From"] == "Danbooru <notifications@booru.example>"
    assert message["To"] == "bob_b <bob@example.com>"
    assert message["Subject"] == "Danbooru: alice sent you a message"
    assert message.get_content_type() == "multipart/alternative"
    assert [part.get_content_type() for part in message.iter_parts()] == ["text/plain", "text/html"]


def test_dmail_notice_says_who_wrote_what_in_both_parts() -> None:
    alice, bob = make_user("alice"), make_user("bob_b", "bob@example.com")
    dmail = make_dmail(alice, bob, "Fish & <chips>", "Do you *like* [b]fish[/b]?\r\n\r\nSee [[fish]].")
    html, text = parts(received(UserMailer().dmail_notice(dmail)))
    assert "<b>Fish &amp; &lt;chips&gt;</b>" in html
    assert "Fish & <chips>" in text
    assert "<chips>" not in html
    assert "[b]" not in html
    assert "> Do you *like* [b]fish[/b]?\n>\n> See [[fish]]." in text.replace("\r\n", "\n")
    assert "alice sent you a message on Danbooru" in text
    assert "Hi bob b" in text


def test_dmail_notice_links_to_the_people_the_message_and_the_answer() -> None:
    alice, bob = make_user("alice"), make_user("bob", "bob@example.com")
    dmail = make_dmail(alice, bob)
    html, text = parts(received(UserMailer().dmail_notice(dmail)))
    links = dict(Links(html).found)
    site = "https://booru.example"
    assert links["bob"] == f"{site}/users/{bob.pk}"
    assert links["alice"] == f"{site}/users/{alice.pk}"
    assert links["Reply"] == f"{site}/dmails/new?respond_to_id={dmail.pk}"
    assert links["View message"] == f"{site}/dmails/{dmail.pk}"
    assert links["Click here"] == links["Unsubscribe"]
    assert links["Unsubscribe"].startswith(
        f"{site}/maintenance/user/email_notification?user_id={bob.pk}&sig="
    )
    assert links["Danbooru"] in (site, f"{site}/")
    assert links["Contact"]
    for name in ("Reply", "View message", "Unsubscribe"):
        assert f"{name}: {links[name]}" in text


def test_links_in_the_message_are_absolute() -> None:
    alice, bob = make_user("alice"), make_user("bob", "bob@example.com")
    dmail = make_dmail(alice, bob, "Hello", 'Look at "this":/posts/1 and [[fish]]')
    html, _ = parts(received(UserMailer().dmail_notice(dmail)))
    assert Links(html).found
    for text, href in Links(html).found:
        assert href.startswith(("https://booru.example", "mailto:")), (text, href)


def test_a_message_from_the_site_itself_has_no_reply_link() -> None:
    bob = make_user("bob", "bob@example.com")
    html, text = parts(received(UserMailer().dmail_notice(make_dmail(User.objects.system(), bob))))
    assert "Reply" not in html + text
    assert "View message" in text


def test_welcome_user_asks_to_verify_the_address() -> None:
    bob = make_user("bob", "bob@example.com", verified=False)
    message = received(UserMailer().welcome_user(bob))
    assert message["From"] == "Danbooru <welcome@booru.example>"
    assert message["Subject"] == "Welcome to Danbooru! Confirm your email address"
    html, text = parts(message)
    link = dict(Links(html).found)["Verify email address"]
    address, token = link.split("?email_verification_key=")
    assert address == f"https://booru.example/users/{bob.pk}/email/verify"
    assert tokens.verifies(bob.email_address, token)
    assert f"Verify email address: {link}" in text
    assert "bob@example.com" in text
    assert "Unsubscribe" in dict(Links(html).found)


def test_names_titles_and_bodies_are_escaped_in_html_and_not_in_text() -> None:
    mallory = make_user("<script>alert(1)</script>")
    bob = make_user('b"&b', "bob@example.com")
    dmail = make_dmail(mallory, bob, "<img src=x>", "<b onclick=x>hi</b> & {{ bye }}")
    html, text = parts(received(UserMailer().dmail_notice(dmail)))
    for tag in ("<script", "<img", "<b onclick"):
        assert tag not in html
    assert "<script>alert(1)</script>" in text
    assert "&amp;" not in text
    assert "<b onclick=x>hi</b> & {{ bye }}" in text


def test_styles_are_inlined_and_the_dark_ones_are_kept() -> None:
    html, _ = parts(received(UserMailer().welcome_user(make_user("bob", "bob@example.com"))))
    assert html.count("<style") == 1
    assert "prefers-color-scheme: dark" in html
    assert '<p style="' in html


@pytest.mark.parametrize(
    "name", ["アリス", "a" * 200, "👩‍👩‍👧‍👦", "x\r\nBcc: all@example.com", "=?utf-8?q?=0AX:_1?="]
)
def test_strange_names_make_valid_emails(name: str) -> None:
    sender, bob = make_user(name), make_user(f"{name}2", "bob@example.com")
    mailer = UserMailer()
    mailer.context = RequestContext(request_id="1", method="POST", url="https://booru.example/" + "x" * 1990)
    message = received(mailer.dmail_notice(make_dmail(sender, bob)))
    assert "Bcc" not in message
    assert message["To"].addresses[0].addr_spec == "bob@example.com"
    assert message["X-Danbooru-URL"].endswith("x" * 1990)
    data = wire_of(mailer.dmail_notice(make_dmail(sender, bob)).message)
    assert max(map(len, data.split(b"\r\n"))) <= 998
    assert data.isascii()


def test_a_very_long_message_is_sent_whole() -> None:
    bob = make_user("bob", "bob@example.com")
    body = "word" * 12000
    html, text = parts(received(UserMailer().dmail_notice(make_dmail(bob, bob, "Long", body))))
    assert body in text.replace("\r\n", "")
    assert body in html


def test_nobody_can_write_what_looks_like_our_own_words() -> None:
    mallory, bob = make_user("mallory"), make_user("bob", "bob@example.com")
    body = "Hi\r\n\r\n-- \r\nDanbooru: https://evil.example\nVerify login: https://evil.example"
    dmail = make_dmail(mallory, bob, "Hello\nVerify login: https://evil.example", body)
    _, text = parts(received(UserMailer().dmail_notice(dmail)))
    lines = text.splitlines()
    assert "> Danbooru: https://evil.example" in lines
    assert "Hello Verify login: https://evil.example" in lines
    assert [line for line in lines if line.startswith(("Verify", "Danbooru: https://evil"))] == []
    assert lines.count("-- ") == 1


def test_password_reset_has_a_link_that_resets_the_password() -> None:
    bob = make_user("bob_b", "bob@example.com", verified=False)
    message = received(UserMailer().password_reset(bob))
    assert message["From"] == "Danbooru <security@booru.example>"
    assert message["Subject"] == "Danbooru password reset request"
    html, text = parts(message)
    link = dict(Links(html).found)["Reset password"]
    page, token = link.split("?user%5Bsigned_id%5D=")
    assert page == "https://booru.example/password_reset/edit"
    assert tokens.resets_password(bob, token)
    assert f"Reset password: {link}" in text
    for part in (html, text):
        assert "30 minutes" in part
        assert "bob b" in part
        assert f"https://booru.example/users/{bob.pk}" in part
        assert "Unsubscribe" not in part


def test_email_change_confirmation_asks_to_verify_the_new_address() -> None:
    bob = make_user("bob", "new@example.com", verified=False)
    message = received(UserMailer().email_change_confirmation(bob))
    assert message["From"] == "Danbooru <security@booru.example>"
    assert message["Subject"] == "Confirm your email address"
    html, text = parts(message)
    link = dict(Links(html).found)["Verify email address"]
    page, token = link.split("?email_verification_key=")
    assert page == f"https://booru.example/users/{bob.pk}/email/verify"
    assert tokens.verifies(bob.email_address, token)
    assert f"Verify email address: {link}" in text
    for part in (html, text):
        assert "new@example.com" in part
        assert "Unsubscribe" not in part


def test_login_verification_tells_the_place_and_has_a_link_to_allow_it() -> None:
    bob = make_user("bob_b", "bob@example.com", verified=False)
    place = {"city": "Exampletown", "region": "Exampleshire", "organization": "Example Networks"}
    event = make_event(bob, metadata=place)
    message = received(UserMailer().login_verification(event))
    assert message["From"] == "Danbooru <security@booru.example>"
    assert message["Subject"] == "Verify login from new location"
    html, text = parts(message)
    links = dict(Links(html).found)
    page, token = links["Verify login"].split("?signed_login_event=")
    assert page == "https://booru.example/login"
    assert tokens.unsign("login_verification", token) == str(event.pk)
    assert f"Verify login: {links['Verify login']}" in text
    assert links["change your password"] == "https://booru.example/password_reset"
    assert "Location: Exampletown, Exampleshire" in text
    assert "IP address: 203.0.113.7 (Example Networks)" in text
    assert "Device: Firefox/140" in text
    for part in (html, text):
        for fact in ("Exampletown, Exampleshire", "203.0.113.7 (Example Networks)", "Firefox/140"):
            assert fact in part
        assert "15 minutes" in part
        assert "Hi bob_b," in part
        assert f"/users/{bob.pk}" not in part
        assert "Unsubscribe" not in part


@pytest.mark.parametrize("metadata", [{}, {"city": "Exampletown"}, {"city": None, "region": 5}])
def test_login_verification_leaves_out_what_is_not_known(metadata: dict[str, object]) -> None:
    event = make_event(make_user("bob", "bob@example.com"), ip_addr=None, user_agent="", metadata=metadata)
    html, text = parts(received(UserMailer().login_verification(event)))
    assert "Location" not in html + text
    assert "IP address: unknown\n" in text.replace("\r\n", "\n")
    assert "Device: unknown\n" in text.replace("\r\n", "\n")


def test_a_long_user_agent_is_cut() -> None:
    event = make_event(make_user("bob", "bob@example.com"), user_agent="Mozilla " + "x" * 700)
    for part in parts(received(UserMailer().login_verification(event))):
        assert "Mozilla " + "x" * 151 + "…" in part


def test_a_browser_cannot_write_into_the_email() -> None:
    agent = "<b>x</b>\r\nVerify login: https://evil.example \u202egnp.exe\x1b[2J\x00 {{ user }}"
    place = {
        "city": "<i>Town\n",
        "region": "\r\nVerify login: https://evil.example",
        "organization": "<u>\n-- ",
    }
    user = make_user("bob", "bob@example.com")
    event = make_event(user)
    event.user_agent, event.metadata = agent, place
    html, text = parts(received(UserMailer().login_verification(event)))
    assert "<b>x" not in html
    assert "<i>Town" not in html
    assert "\u202e" not in html + text
    assert "\x1b" not in html + text
    assert "{{ user }}" in text
    assert len([line for line in text.splitlines() if line.startswith("Verify login:")]) == 1


def test_send_backup_code_shows_the_first_code_and_where_to_use_it() -> None:
    bob = make_user("bob_b", "bob@example.com")
    bob.backup_codes = [1234567, 87654321]
    message = received(UserMailer().send_backup_code(bob))
    assert message["From"] == "Danbooru <security@booru.example>"
    assert message["Subject"] == "Your account recovery code"
    html, text = parts(message)
    links = dict(Links(html).found)
    site = "https://booru.example"
    assert links["Login"] == f"{site}/login"
    assert links["Update 2FA"] == f"{site}/users/{bob.pk}/totp/edit"
    assert links["View backup codes"] == f"{site}/users/{bob.pk}/backup_codes"
    for name in ("Login", "Update 2FA", "View backup codes"):
        assert f"{name}: {links[name]}" in text
    for part in (html, text):
        assert "01234567" in part
        assert "87654321" not in part
        assert "bob b" in part
        assert "works once" in part
    assert "01234567" not in str(message.items())


def test_dmca_complaint_says_what_the_form_was_sent() -> None:
    message = received(UserMailer().dmca_complaint("ada@example.com", COMPLAINT))
    assert message["From"] == "dmca@booru.example"
    assert message["To"] == "ada@example.com"
    assert message["Subject"] == "DMCA complaint"
    assert "List-Unsubscribe" not in message
    html, text = parts(message)
    for part in (html, text):
        for value in ("Ada Artist", "ada@example.com", "1 Example Street", "Exampletown", "Ada A."):
            assert value in part
        assert "48 hours" in part
        assert "dmca@booru.example" in part
        assert "There are sketches." in part
        assert "Unsubscribe" not in part
    for url in (*COMPLAINT["infringing_urls"], *COMPLAINT["original_urls"], *COMPLAINT["statements"]):
        assert f"<li>{url}</li>" in html
        assert f"* {url}" in text.splitlines()
    assert "I drew &lt;both&gt;." in html
    assert "I drew <both>." in text
    assert dict(Links(html).found)["form for copyright complaints"] == "https://booru.example/dmca"


def test_every_email_has_the_site_its_contact_and_its_privacy_page_at_the_end() -> None:
    for name, delivery in every_email(make_user("bob", "bob@example.com")).items():
        html, text = parts(received(delivery))
        links = Links(html).found
        for label, href in (
            ("Danbooru", "https://booru.example/"),
            ("Privacy", "https://booru.example/privacy"),
            ("Contact", "https://booru.example/contact"),
        ):
            assert (label, href) in links, name
            assert f"{label}: {href}" in text, name
        assert ("Unsubscribe" in text) is (name in {"dmail_notice", "welcome_user"}), name


def test_every_link_of_one_part_is_in_the_other() -> None:
    for name, delivery in every_email(make_user("bob", "bob@example.com")).items():
        html, text = parts(received(delivery))
        for _, href in Links(html).found:
            assert href.removeprefix("mailto:").replace("%40", "@") in text, (name, href)
