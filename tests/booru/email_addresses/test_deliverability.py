"""Looking addresses up: with a real DNS server and real mail servers, none of them outside this machine."""

import socket
import threading
import time
from contextlib import closing, contextmanager

import pytest

from booru.email_addresses.deliverability import (
    AddressCheck,
    is_on_the_internet,
    is_private_name,
    is_undeliverable,
)
from tests.support.dns_server import BROKEN, SILENCE, dns_server
from tests.support.smtp_server import free_port, mail_server
from tests.support.waiting import PATIENCE

ADDRESS = "somebody@example.com"
# One name for this machine, one that leads nowhere.
HERE = {"A": ["127.0.0.1"]}


def zone(**changes):
    """example.com, whose mail goes to this machine."""
    return {"example.com": {"MX": ["10 mail.example.net."]}, "mail.example.net": HERE, **changes}


def check(resolver, port=25, **options):
    return AddressCheck(
        **{
            "asks_recipient": False,
            "resolver": resolver,
            "port": port,
            "may_connect": lambda _: True,
            "seconds": PATIENCE,
            **options,
        }
    )


@pytest.mark.parametrize(
    ("records", "expected"),
    [
        ({"MX": ["10 mail.example.net."]}, False),
        # It is there, but it takes no mail; the rule wants an MX record, not just an address.
        ({"A": ["192.0.2.1"]}, True),
        ({"MX": ["0 ."]}, True),
        (None, True),
        (BROKEN, False),
    ],
)
def test_a_domain_without_a_mail_host_takes_no_mail(records, expected):
    with dns_server({"example.com": records} if records else {}) as resolver:
        assert check(resolver).is_undeliverable(ADDRESS) is expected


@pytest.mark.parametrize("root", [{}, BROKEN])
def test_a_name_server_of_a_closed_network_tells_nothing(root):
    """It says of every foreign name that it does not exist."""
    with dns_server({".": root}) as resolver:
        assert not check(resolver).is_undeliverable(ADDRESS)


def test_a_silent_name_server_tells_nothing_and_is_not_waited_for_long():
    with dns_server({"example.com": SILENCE}) as resolver:
        start = time.monotonic()
        assert not check(resolver, seconds=0.5).is_undeliverable(ADDRESS)
        assert time.monotonic() - start < PATIENCE / 2


def test_a_machine_without_a_name_server_takes_every_address():
    resolver = dns_resolver_on(free_port())
    assert not check(resolver, seconds=0.5).is_undeliverable(ADDRESS)


def dns_resolver_on(port):
    with dns_server({}) as resolver:
        pass
    resolver.port = port
    return resolver


@pytest.mark.parametrize(
    ("reply", "expected"),
    [
        ("250 OK", False),
        ("550 no such user", True),
        ("554 5.7.1 not from you", True),
        ("450 try again later", False),
    ],
)
def test_the_mail_server_is_asked_for_the_recipient(reply, expected):
    with mail_server(recipient_replies=[reply]) as server, dns_server(zone()) as resolver:
        found = check(resolver, server.port, asks_recipient=True).is_undeliverable(ADDRESS)
        assert found is expected
        assert server.received == []
        assert server.recipient_replies == []


def test_the_mail_server_is_left_alone_when_mail_does_not_go_by_smtp():
    with mail_server(recipient_replies=["550 no"]) as server, dns_server(zone()) as resolver:
        assert not check(resolver, server.port).is_undeliverable(ADDRESS)
        assert server.recipient_replies == ["550 no"]


def test_a_mail_server_where_nobody_listens_takes_no_mail():
    with dns_server(zone()) as resolver:
        assert check(resolver, free_port(), asks_recipient=True).is_undeliverable(ADDRESS)


def test_the_next_mail_host_is_asked_when_the_best_one_does_not_listen():
    hosts = {"MX": ["20 second.example.net.", "10 first.example.net."]}
    names = zone(
        **{"example.com": hosts, "second.example.net": HERE, "first.example.net": {"A": ["127.0.0.2"]}}
    )
    with mail_server() as server, dns_server(names) as resolver:
        assert not check(resolver, server.port, asks_recipient=True).is_undeliverable(ADDRESS)
    with mail_server(recipient_replies=["550 no"]) as server, dns_server(names) as resolver:
        assert check(resolver, server.port, asks_recipient=True).is_undeliverable(ADDRESS)


def test_a_mail_host_without_an_address_tells_nothing():
    with dns_server({"example.com": {"MX": ["10 mail.example.net."]}}) as resolver:
        assert not check(resolver, asks_recipient=True).is_undeliverable(ADDRESS)


@contextmanager
def server_that(talk):
    """A server on this machine that treats its one caller so; gives its port."""
    with closing(socket.create_server(("127.0.0.1", 0))) as listener:
        listener.settimeout(PATIENCE)

        def serve():
            with listener.accept()[0] as caller:
                try:
                    talk(caller)
                except OSError:
                    return

        thread = threading.Thread(target=serve)
        thread.start()
        yield listener.getsockname()[1]
        # In case that nobody came.
        socket.create_connection(listener.getsockname()).close()
        thread.join()


def drip(caller):
    while True:
        caller.sendall(b"2")
        time.sleep(0.1)


def flood(caller):
    while True:
        caller.sendall(b"220-welcome\r\n" * 1000)


def say(text):
    return lambda caller: caller.sendall(text)


@pytest.mark.parametrize(
    "talk",
    [
        drip,
        flood,
        lambda caller: caller.recv(1),
        lambda caller: None,
        say(b"554 go away\r\n"),
        say(b"\xff\xfe\r\n"),
        say(b"\r\n"),
        say(b"220-only half an answer\r\n"),
        say("\u0662\u0662\u0660 hello\r\n".encode()),
        say(b"220 hello\r\n500 what?\r\n"),
        say(b"220 hello\r\n250 hello\r\n550 I do not like you\r\n"),
    ],
)
def test_a_mail_server_that_misbehaves_tells_nothing_and_is_not_waited_for_long(talk):
    with server_that(talk) as port, dns_server(zone()) as resolver:
        start = time.monotonic()
        assert not check(resolver, port, asks_recipient=True, seconds=1).is_undeliverable(ADDRESS)
        assert time.monotonic() - start < PATIENCE / 2


def test_no_server_is_called_on_a_network_of_our_own():
    """The domain's owner says where its mail server is, which could be our database."""
    with mail_server(recipient_replies=["550 no"]) as server, dns_server(zone()) as resolver:
        guarded = AddressCheck(asks_recipient=True, resolver=resolver, port=server.port)
        assert not guarded.is_undeliverable(ADDRESS)
        assert server.recipient_replies == ["550 no"]


@pytest.mark.parametrize("host", ["localhost.", "mail.internal.", "mail.local."])
def test_a_mail_host_with_a_private_name_is_not_looked_up(host):
    names = {"example.com": {"MX": [f"10 {host}"]}, host.rstrip("."): HERE}
    with mail_server(recipient_replies=["550 no"]) as server, dns_server(names) as resolver:
        assert not check(resolver, server.port, asks_recipient=True).is_undeliverable(ADDRESS)
        assert server.recipient_replies == ["550 no"]


@pytest.mark.parametrize(
    "address",
    [
        *("127.0.0.1", "10.0.0.1", "172.16.0.1", "192.168.1.1", "169.254.169.254", "100.64.0.1", "0.0.0.0"),
        *("224.0.0.1", "240.0.0.1", "255.255.255.255", "::1", "fd00::1", "fe80::1", "::ffff:127.0.0.1"),
        "64:ff9b::7f00:1",
    ],
)
def test_addresses_that_are_not_of_the_internet(address):
    assert not is_on_the_internet(address)


@pytest.mark.parametrize("address", ["8.8.8.8", "2001:4860:4860::8888"])
def test_addresses_of_the_internet(address):
    assert is_on_the_internet(address)


@pytest.mark.parametrize(
    "name", ["localhost", "a.local", "a.b.INTERNAL", "a.lan.", "x.test", "1.0.0.127.in-addr.arpa"]
)
def test_names_that_mean_something_inside_a_network_only(name):
    assert is_private_name(name)
    # There is no resolver to ask.
    assert not check(dns_resolver_on(free_port())).is_undeliverable(f"somebody@{name}")


def test_names_for_everybody():
    assert not is_private_name("example.com")
    assert not is_private_name("local.example.com.")


def test_a_domain_that_is_too_long_for_dns_is_no_error():
    assert not check(dns_resolver_on(free_port())).is_undeliverable(f"a@b.{'c' * 70}")


def test_nobody_is_asked_when_the_setting_is_off(settings):
    settings.DANBOORU_CHECK_EMAIL_DOMAINS = False
    assert not is_undeliverable("somebody@a-domain-that-is-not-there.invalid")
