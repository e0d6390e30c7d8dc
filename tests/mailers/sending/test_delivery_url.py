"""DANBOORU_MAIL_DELIVERY_URL, good and bad (behaviour G.7)."""

from __future__ import annotations

import pytest
from django.core.exceptions import ImproperlyConfigured
from django.core.mail import get_connection
from django.utils.module_loading import import_string

from mailers.sending.delivery_url import OFF, delivery_settings
from mailers.sending.providers import PROVIDERS


def test_without_a_url_email_is_off() -> None:
    assert delivery_settings("").backend == OFF
    assert delivery_settings("  ").backend == OFF


@pytest.mark.parametrize(
    ("url", "backend"),
    [
        ("console:", "mailers.console.ConsoleBackend"),
        ("memory:", "django.core.mail.backends.locmem.EmailBackend"),
        ("memory://", "django.core.mail.backends.locmem.EmailBackend"),
    ],
)
def test_local_backends(url: str, backend: str) -> None:
    assert delivery_settings(url).backend == backend


@pytest.mark.parametrize(
    ("url", "host", "port", "use_ssl", "starttls"),
    [
        ("smtp://mail.example.com", "mail.example.com", 587, False, "auto"),
        ("smtp://127.0.0.1:1025", "127.0.0.1", 1025, False, "auto"),
        ("smtp://[::1]:25", "::1", 25, False, "auto"),
        ("smtps://mail.example.com", "mail.example.com", 465, True, "never"),
        ("smtps://mail.example.com:2465/", "mail.example.com", 2465, True, "never"),
        ("smtp://mail.example.com?tls=true", "mail.example.com", 465, True, "never"),
        ("smtps://mail.example.com?tls=false", "mail.example.com", 587, False, "auto"),
        ("smtp://mail.example.com?enable_starttls=true", "mail.example.com", 587, False, "always"),
        ("smtp://mail.example.com?enable_starttls_auto=false", "mail.example.com", 587, False, "never"),
    ],
)
def test_smtp_servers(url: str, host: str, port: int, use_ssl: bool, starttls: str) -> None:
    settings = delivery_settings(url)
    assert settings.backend == "mailers.smtp.SmtpBackend"
    assert (settings.host, settings.port, settings.use_ssl) == (host, port, use_ssl)
    assert settings.smtp_options["starttls"] == starttls


def test_time_outs_are_short_unless_said_otherwise() -> None:
    assert delivery_settings("smtp://h").smtp_options == {
        "starttls": "auto",
        "open_timeout": 5,
        "read_timeout": 5,
        "total_timeout": 60,
    }
    options = delivery_settings("smtp://h?open_timeout=1.5&read_timeout=30").smtp_options
    assert (options["open_timeout"], options["read_timeout"]) == (1.5, 30)


def test_user_and_password_are_percent_decoded() -> None:
    settings = delivery_settings("smtp://me%40example.com:p%40%2F%3F%23%20w@mail.example.com")
    assert (settings.username, settings.password) == ("me@example.com", "p@/?# w")
    assert "p@/?# w" not in repr(settings)


def test_other_smtp_options() -> None:
    options = delivery_settings(
        "smtp://h?authentication=cram_md5&openssl_verify_mode=none&domain=me.example&ca_file=/etc/ca.pem"
    ).smtp_options
    assert options["authentication"] == "cram_md5"
    assert options["verify"] is False
    assert (options["domain"], options["ca_file"]) == ("me.example", "/etc/ca.pem")


@pytest.mark.parametrize(
    ("url", "reason"),
    [
        ("mail.example.com", "must begin with smtp://"),
        ("http://u:hunter2@mail.example.com", "must begin with smtp://"),
        ("smtp://u:hunter2@", "the host of the mail server is missing"),
        ("smtp:", "the host of the mail server is missing"),
        ("smtp://u:hunter2@host:smtp", "the port must be a number"),
        ("smtp://u:hunter2@host:70000", "the port must be a number"),
        ("smtp://u:hunter2@[::1", "it is not a URL"),
        ("smtp://u:hunter2#hunter2@host", "percent-encode"),
        ("smtp://u:hunter2/hunter2@host", "percent-encode"),
        ("smtp://u:hunter2?hunter2@host", "percent-encode"),
        ("smtp://u:hunter2@host/mail", "nothing but ?options may follow the host"),
        ("smtp://u:hunter2@host?colour=blue", "there is no option 'colour'; there are: tls, authentication"),
        (
            "smtp://u:hunter2@host?authentication=magic",
            "authentication must be one of plain, login, cram_md5",
        ),
        ("smtp://u:hunter2@host?openssl_verify_mode=some", "openssl_verify_mode must be one of peer, none"),
        ("smtp://u:hunter2@host?open_timeout=soon", "open_timeout must be a number of seconds"),
        ("smtp://u:hunter2@host?read_timeout=-1", "read_timeout must be a number of seconds"),
        ("smtp://u:hunter2@host?tls=perhaps", "tls must be true or false"),
        ("smtps://u:hunter2@host?enable_starttls=true", "tls and enable_starttls exclude each other"),
        ("anymail+pigeon://hunter2@", "Anymail has no such provider; it has: amazon_ses, brevo"),
        ("anymail+brevo://", "brevo needs its api_key: anymail+brevo://api_key@"),
        ("anymail+brevo://hunter2", "brevo has no host: anymail+brevo://api_key@"),
        ("anymail+brevo://me:hunter2@", "brevo has no second key"),
        (
            "anymail+mailgun://hunter2@",
            "mailgun needs its sender_domain: anymail+mailgun://api_key@sender_domain",
        ),
        ("anymail+mailjet://hunter2@", "mailjet needs its secret_key: anymail+mailjet://api_key:secret_key@"),
        ("anymail+brevo://hunter2@?API-URL=x", "the names of options are lower-case words"),
        ("anymail+amazon_ses://me:hunter2@eu-west-1", 'pip install "django-anymail[amazon-ses]"'),
    ],
)
def test_a_bad_url_says_what_is_wrong_and_keeps_the_password(url: str, reason: str) -> None:
    with pytest.raises(ImproperlyConfigured) as error:
        delivery_settings(url)
    assert str(error.value).startswith("DANBOORU_MAIL_DELIVERY_URL: ")
    assert reason in str(error.value)
    assert "hunter2" not in str(error.value)
    assert error.value.__suppress_context__ or error.value.__context__ is None


ANYMAIL_URLS = {
    "brevo": "anymail+brevo://KEY@",
    "mailersend": "anymail+mailersend://KEY@",
    "mailgun": "anymail+mailgun://KEY@mg.example.com?api_url=https%3A%2F%2Fapi.eu.mailgun.net%2Fv3",
    "mailjet": "anymail+mailjet://KEY:SECRET@",
    "mailtrap": "anymail+mailtrap://KEY@",
    "mandrill": "anymail+mandrill://KEY@",
    "postal": "anymail+postal://KEY@postal.example.com:8443",
    "postmark": "anymail+postmark://KEY@?message_stream=notices",
    "resend": "anymail+resend://KEY@",
    "scaleway": "anymail+scaleway://PROJECT:SECRET@nl-ams",
    "sendgrid": "anymail+sendgrid://SG.Key%2Fx@",
    "sparkpost": "anymail+sparkpost://KEY@?subaccount=7",
    "test": "anymail+test://",
    "unisender_go": "anymail+unisender-go://KEY@go1.unisender.ru",
}


def test_every_provider_of_anymail_has_a_url() -> None:
    assert set(ANYMAIL_URLS) | {"amazon_ses"} == set(PROVIDERS)


# Anymail's warning that nobody tests SendGrid any more.
@pytest.mark.filterwarnings("ignore::anymail.exceptions.AnymailNotSupportedWarning")
@pytest.mark.parametrize("url", ANYMAIL_URLS.values(), ids=ANYMAIL_URLS.keys())
def test_every_provider_accepts_the_settings_of_its_url(url: str, settings) -> None:
    delivery = delivery_settings(url)
    settings.ANYMAIL = delivery.anymail
    assert get_connection(delivery.backend).esp_name
    assert import_string(delivery.backend)


def test_parts_of_the_url_become_the_providers_settings() -> None:
    postal = delivery_settings(ANYMAIL_URLS["postal"]).anymail
    assert postal["POSTAL_API_URL"] == "https://postal.example.com:8443"
    scaleway = delivery_settings(ANYMAIL_URLS["scaleway"]).anymail
    assert scaleway["SCALEWAY_PROJECT_ID"] == "PROJECT"
    assert scaleway["SCALEWAY_SECRET_KEY"] == "SECRET"
    assert scaleway["SCALEWAY_REGION"] == "nl-ams"
    assert delivery_settings(ANYMAIL_URLS["sendgrid"]).anymail["SENDGRID_API_KEY"] == "SG.Key/x"
    assert delivery_settings("anymail+brevo://K@?requests_timeout=5").anymail["REQUESTS_TIMEOUT"] == 5
    assert delivery_settings("anymail+brevo://K@").anymail["IGNORE_UNSUPPORTED_FEATURES"] is True
