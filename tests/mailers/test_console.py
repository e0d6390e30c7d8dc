"""Emails on the terminal, as people read them."""

import io

import pytest
from django.core.mail import EmailMultiAlternatives

from mailers.console import ConsoleBackend
from mailers.user_mailer import UserMailer
from tests.mailers.people import make_dmail, make_user


def printed(message, stream=None):
    stream = stream or io.StringIO()
    ConsoleBackend(stream=stream).send_messages([message])
    return stream


@pytest.mark.django_db
def test_headers_and_text_are_decoded_and_the_html_is_left_out(capsys, use_delivery_url):
    use_delivery_url("console:")
    alice, bob = make_user("アリス"), make_user("bob", "bob@example.com")
    UserMailer().dmail_notice(make_dmail(alice, bob, "お知らせ", "Grüße\n\n" + "ö" * 100)).deliver_now()
    lines = capsys.readouterr().out.splitlines()
    assert "Subject: Danbooru: アリス sent you a message" in lines
    assert f"X-Danbooru-User: bob <https://booru.example/users/{bob.pk}>" in lines
    assert "> Grüße" in lines
    assert "> " + "ö" * 100 in lines
    assert not any(line.startswith(("Content-", "MIME-", "<", "--==")) for line in lines)
    assert lines[-1] == "-" * 79
    assert len(lines) < 50


def test_what_others_wrote_does_not_command_the_terminal():
    body = "red \x1b[31m, back \x08, \x9b2J, turned \u202ecba, a tab\t."
    text = printed(EmailMultiAlternatives("A \u2066subject", body, to=["a@example.com"])).getvalue()
    assert not set(text) & set("\x1b\x08\x9b\u202e\u2066")
    assert "a tab\t." in text


def test_an_email_without_text_shows_its_html_and_names_what_is_attached():
    message = EmailMultiAlternatives("s", "<p>hello</p>", to=["a@example.com"])
    message.content_subtype = "html"
    message.attach("cat.png", b"\x89PNG", "image/png")
    text = printed(message).getvalue()
    assert "<p>hello</p>\n[cat.png]\n" in text


def test_a_terminal_of_another_encoding_gets_question_marks():
    stream = io.TextIOWrapper(io.BytesIO(), encoding="latin-1")
    printed(EmailMultiAlternatives("アリス", "Grüße", to=["a@example.com"]), stream)
    assert b"Subject: ???" in stream.buffer.getvalue()
    assert "Grüße".encode("latin-1") in stream.buffer.getvalue()
