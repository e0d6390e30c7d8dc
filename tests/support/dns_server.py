"""A small DNS server that knows what the test tells it."""

from __future__ import annotations

import socket
import threading
from contextlib import contextmanager
from typing import TYPE_CHECKING

import dns.flags
import dns.message
import dns.rcode
import dns.rdatatype
import dns.resolver
import dns.rrset

from tests.support.waiting import PATIENCE

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from dns.message import Message

    Zone = Mapping[str, dict[str, list[str]] | str]

# In place of records.
SILENCE, BROKEN = "silence", "broken"
_ROOT = {".": {"NS": ["a.root-servers.net."]}}


@contextmanager
def dns_server(zone: Zone) -> Iterator[dns.resolver.Resolver]:
    """A resolver that asks only this server: {"example.com": {"MX": ["10 mail.example.com."]}}.

    A name may be SILENCE, which is never answered, or BROKEN; other names do not exist. Unless the zone says
    otherwise it has the root servers, as every server on the internet.
    """
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as listener:
        listener.bind(("127.0.0.1", 0))
        listener.settimeout(0.05)
        stop = threading.Event()
        server = threading.Thread(target=_serve, args=(listener, {**_ROOT, **zone}, stop))
        server.start()
        try:
            resolver = dns.resolver.Resolver(configure=False)
            resolver.nameservers = ["127.0.0.1"]
            resolver.port = listener.getsockname()[1]
            # Whoever asks sets a limit; only for the slowest machine is this one of our own.
            resolver.lifetime = PATIENCE
            yield resolver
        finally:
            stop.set()
            server.join()


def _serve(listener: socket.socket, zone: Zone, stop: threading.Event) -> None:
    while not stop.is_set():
        try:
            wire, client = listener.recvfrom(4096)
        except TimeoutError:
            continue
        query = dns.message.from_wire(wire)
        answer = _answer(query, zone)
        if answer is not None:
            listener.sendto(answer.to_wire(), client)


def _answer(query: Message, zone: Zone) -> Message | None:
    question = query.question[0]
    records = zone.get(question.name.to_text(omit_final_dot=True).lower())
    if records == SILENCE:
        return None
    answer = dns.message.make_response(query)
    answer.flags |= dns.flags.RA
    if records == BROKEN:
        answer.set_rcode(dns.rcode.SERVFAIL)
    elif records is None:
        answer.set_rcode(dns.rcode.NXDOMAIN)
    else:
        kind = dns.rdatatype.to_text(question.rdtype)
        if texts := records.get(kind):  # type: ignore[union-attr]
            answer.answer.append(dns.rrset.from_text(question.name, 60, "IN", kind, *texts))
    return answer
