"""A mail server that goes wrong at the very step that it is told to, on the wire itself."""

from __future__ import annotations

import socket
import ssl
import struct
import time
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass, field
from threading import Event, Thread
from typing import TYPE_CHECKING

from tests.support.waiting import PATIENCE

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator


_HALFWAY = 300


@dataclass(frozen=True)
class Fault:
    """What happens at a step of one connection.

    `at` is "banner", a command ("EHLO", "STARTTLS", "MAIL", "RCPT", "DATA", "QUIT"), "handshake" (of TLS,
    after STARTTLS), "halfway" through the message, or "message", when it is whole. `answer` is an SMTP reply,
    "close", "reset" or "silence"; "drip", a byte now and then, or "flood", both without end; or "lost", at
    "message": it was taken, and the answer never arrives.
    """

    at: str
    answer: str


class _Gone(Exception):
    """The connection is over."""


@dataclass
class UnrulyServer:
    """One fault a connection, in order; when none is left it behaves. Keeps every message that it took."""

    faults: list[Fault] = field(default_factory=list)
    tls: ssl.SSLContext | None = None
    messages: list[bytes] = field(default_factory=list)
    # Called before each answer, with the step.
    before_answer: Callable[[str], None] = lambda _step: None
    connections: int = 0
    port: int = 0
    _conversations: set[_Conversation] = field(default_factory=set)

    def serve(self, listener: socket.socket, stopped: Event) -> None:
        """Each client has a thread; all have ended when this returns."""
        threads = []
        while not stopped.is_set():
            try:
                connection, _ = listener.accept()
            except TimeoutError:
                continue
            self.connections += 1
            fault = self.faults.pop(0) if self.faults else Fault("", "")
            connection.settimeout(PATIENCE)
            conversation = _Conversation(self, connection, fault)
            self._conversations.add(conversation)
            threads.append(Thread(target=self._hold, args=(conversation,)))
            threads[-1].start()
        self.hang_up()
        for thread in threads:
            thread.join()

    def _hold(self, conversation: _Conversation) -> None:
        with closing(conversation), suppress(_Gone, OSError):
            conversation.hold()
        self._conversations.discard(conversation)

    def hang_up(self) -> None:
        """On clients that keep their connections for later."""
        for conversation in list(self._conversations):
            conversation.hang_up()


class _Conversation:
    def __init__(self, server: UnrulyServer, connection: socket.socket, fault: Fault) -> None:
        self._server, self._connection, self._fault = server, connection, fault
        self._file = connection.makefile("rb")

    def close(self) -> None:
        self._file.close()
        self._connection.close()

    def hang_up(self) -> None:
        with suppress(OSError):
            # Under TLS too: what is left is only read.
            socket.socket.shutdown(self._connection, socket.SHUT_RDWR)

    def hold(self) -> None:
        self._answer("banner", "220 unruly.example")
        while line := self._file.readline():
            self._command(line.decode().strip().partition(" ")[0].upper())

    def _command(self, command: str) -> None:
        match command:
            case "EHLO" if self._server.tls:
                self._answer(command, "250-unruly.example\r\n250 STARTTLS")
            case "STARTTLS":
                if self._answer(command, "220 Go on"):
                    self._encrypt(self._server.tls)
            case "DATA":
                if self._answer(command, "354 Go on"):
                    self._take_message()
            case "QUIT":
                self._answer(command, "221 Bye")
                raise _Gone
            case _:
                self._answer(command, "250 OK")

    def _encrypt(self, tls: ssl.SSLContext | None) -> None:
        assert tls
        if self._fault.at == "handshake":
            self._connection.recv(1)
            self._give(self._fault.answer)
            raise _Gone
        self._connection = tls.wrap_socket(self._connection, server_side=True)
        self._file = self._connection.makefile("rb")

    def _take_message(self) -> None:
        message = b""
        while (line := self._file.readline()) != b".\r\n":
            message += line
            if self._fault.at == "halfway" and len(message) > _HALFWAY:
                self._give(self._fault.answer)
        if self._fault.at != "message" or self._fault.answer == "lost":
            self._server.messages.append(message)
        self._answer("message", "250 Taken")

    def _answer(self, step: str, usual: str) -> bool:
        """Whether it was the usual answer."""
        self._server.before_answer(step)
        if self._fault.at != step:
            self._give(usual)
            return True
        self._give(self._fault.answer)
        if step == "banner" or self._fault.answer.startswith("421"):
            raise _Gone
        return False

    def _give(self, answer: str) -> None:
        match answer:
            case "close" | "lost":
                raise _Gone
            case "reset":
                # The other end sees ECONNRESET at once, and not an end of file.
                self._connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
                raise _Gone
            case "silence":
                # Until the other end has had enough.
                self._file.read()
                raise _Gone
            case "drip" | "flood":
                # Until the other end has hung up.
                while True:
                    self._connection.sendall(b"2" if answer == "drip" else b"220-Welcome\r\n" * 100)
                    time.sleep(0.1 if answer == "drip" else 0)
        self._connection.sendall(answer.encode() + b"\r\n")


@contextmanager
def unruly_server(*faults: Fault, tls: ssl.SSLContext | None = None) -> Iterator[UnrulyServer]:
    """Such a server on a free port of 127.0.0.1."""
    server, stopped = UnrulyServer(list(faults), tls), Event()
    with socket.create_server(("127.0.0.1", 0)) as listener:
        listener.settimeout(0.1)
        server.port = listener.getsockname()[1]
        thread = Thread(target=server.serve, args=(listener, stopped))
        thread.start()
        try:
            yield server
        finally:
            stopped.set()
            thread.join()


@contextmanager
def full_server() -> Iterator[int]:
    """The port of a server whose queue is full: a connection to it is never made."""
    with socket.create_server(("127.0.0.1", 0), backlog=0) as listener:
        waiting = [socket.socket() for _ in range(4)]
        for client in waiting:
            client.setblocking(False)
            client.connect_ex(listener.getsockname())
        try:
            yield listener.getsockname()[1]
        finally:
            for client in waiting:
                client.close()
