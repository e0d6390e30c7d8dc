"""A proxy in front of PostgreSQL that counts statements and transactions, exactly and for every driver."""

import asyncio
import struct
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field

# Requests before the actual start: for TLS, GSS encryption. Answered with no.
_WANTS_ENCRYPTION = {80877103, 80877104}


@dataclass
class Counts:
    """What went over the wire."""

    statements: int = 0
    transactions: int = 0

    def take(self) -> "Counts":
        """The counts so far, which start again at zero."""
        taken = Counts(self.statements, self.transactions)
        self.statements = self.transactions = 0
        return taken


@dataclass
class _Messages:
    """Cuts a stream into messages, and tells the type and first byte of each."""

    seen: Callable[[int, int], None]
    buffer: bytearray = field(default_factory=bytearray)

    def feed(self, data: bytes) -> None:
        self.buffer += data
        place = 0
        while len(self.buffer) - place >= 5:
            (length,) = struct.unpack_from("!i", self.buffer, place + 1)
            if len(self.buffer) - place < 1 + length:
                break
            self.seen(self.buffer[place], self.buffer[place + 5] if length > 4 else 0)
            place += 1 + length
        del self.buffer[:place]


class _Proxy:
    def __init__(self, upstream: Mapping[str, str]) -> None:
        self.upstream = upstream
        self.counts = Counts()

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            start = await self._start_packet(reader, writer)
            server_reader, server_writer = await self._connect()
            server_writer.write(start)
        except (OSError, asyncio.IncompleteReadError):
            writer.close()
            return
        with suppress(asyncio.CancelledError):
            await asyncio.gather(
                self._pump(reader, server_writer, _Messages(self._from_client)),
                self._pump(server_reader, writer, _Messages(self._from_server)),
            )

    @staticmethod
    async def _start_packet(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> bytes:
        while True:
            header = await reader.readexactly(8)
            length, code = struct.unpack("!ii", header)
            if code not in _WANTS_ENCRYPTION:
                return header + await reader.readexactly(length - 8)
            writer.write(b"N")

    async def _connect(self) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
        host, port = self.upstream.get("PGHOST", "localhost"), self.upstream.get("PGPORT", "5432")
        if host.startswith("/"):
            return await asyncio.open_unix_connection(f"{host}/.s.PGSQL.{port}")
        return await asyncio.open_connection(host, int(port))

    @staticmethod
    async def _pump(source: asyncio.StreamReader, target: asyncio.StreamWriter, messages: _Messages) -> None:
        try:
            with suppress(OSError):
                while data := await source.read(65536):
                    messages.feed(data)
                    target.write(data)
                    await target.drain()
        finally:
            target.close()

    def _from_client(self, kind: int, _first: int) -> None:
        if kind in b"QE":
            self.counts.statements += 1

    def _from_server(self, kind: int, first: int) -> None:
        # Ready for the next query, and in no transaction any more.
        if kind == ord("Z") and first == ord("I"):
            self.counts.transactions += 1


@contextmanager
def counting_proxy(upstream: Mapping[str, str]) -> Iterator[tuple[dict[str, str], Counts]]:
    """An address that leads to the same server, and what is counted there."""
    proxy = _Proxy(upstream)
    loop = asyncio.new_event_loop()
    server = loop.run_until_complete(asyncio.start_server(proxy.serve, "127.0.0.1", 0))
    port = server.sockets[0].getsockname()[1]
    thread = threading.Thread(target=loop.run_forever, daemon=True)
    thread.start()
    encrypted = {"PGSSLMODE", "PGREQUIREPEER"}
    try:
        address = {name: value for name, value in upstream.items() if name not in encrypted}
        yield {**address, "PGHOST": "127.0.0.1", "PGPORT": str(port)}, proxy.counts
    finally:
        loop.call_soon_threadsafe(loop.stop)
        thread.join()
        server.close()
        unfinished = asyncio.all_tasks(loop)
        for task in unfinished:
            task.cancel()
        if unfinished:
            loop.run_until_complete(asyncio.wait(unfinished))
        loop.close()
