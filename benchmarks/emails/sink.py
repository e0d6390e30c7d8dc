"""A mail server that keeps nothing but the Message-IDs, and refuses every tenth connection.

`python -m benchmarks.emails.sink` answers each line on its input with a line of JSON: first its port, then
what it got since the last line.
"""

from __future__ import annotations

import asyncio
import json
import re
import sys
from collections import Counter

REFUSED = 10
_MESSAGE_ID = re.compile(rb"^Message-ID: *(?:\r\n +)?<([^>]+)>", re.IGNORECASE | re.MULTILINE)
_END = b"\r\n.\r\n"


class Sink:
    """What arrived, over all connections."""

    def __init__(self) -> None:
        self.connections = 0
        self.forget()

    def forget(self) -> None:
        self.message_ids: Counter[str] = Counter()
        self.taken = self.refused = 0


class Conversation(asyncio.Protocol):
    """One connection."""

    transport: asyncio.Transport

    def __init__(self, sink: Sink) -> None:
        self.sink = sink
        self.buffer = b""
        self.is_data = False

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self.transport = transport
        self.sink.connections += 1
        if self.sink.connections % REFUSED == 0:
            self.sink.refused += 1
            self._say("421 Too many connections")
            transport.close()
            return
        self.sink.taken += 1
        self._say("220 sink")

    def data_received(self, data: bytes) -> None:
        self.buffer += data
        while self._read_on():
            pass

    def _read_on(self) -> bool:
        """Take the next command, or the content, if it is there as a whole."""
        end = _END if self.is_data else b"\r\n"
        content, found, rest = self.buffer.partition(end)
        if not found:
            return False
        self.buffer = rest
        if self.is_data:
            self._take(content)
        else:
            self._obey(content[:4].upper())
        return True

    def _take(self, content: bytes) -> None:
        self.is_data = False
        match = _MESSAGE_ID.search(content)
        self.sink.message_ids[match[1].decode() if match else ""] += 1
        self._say("250 taken")

    def _obey(self, command: bytes) -> None:
        if command == b"DATA":
            self.is_data = True
            self._say("354 go on")
        elif command == b"QUIT":
            self._say("221 bye")
            self.transport.close()
        else:
            self._say("250 sink")

    def _say(self, text: str) -> None:
        self.transport.write(text.encode() + b"\r\n")


async def serve() -> None:
    loop, sink = asyncio.get_running_loop(), Sink()
    server = await loop.create_server(lambda: Conversation(sink), "127.0.0.1", 0, backlog=100)
    print(json.dumps({"port": server.sockets[0].getsockname()[1]}), flush=True)
    while await loop.run_in_executor(None, sys.stdin.readline):
        answer = {"message_ids": sink.message_ids, "taken": sink.taken, "refused": sink.refused}
        print(json.dumps(answer), flush=True)
        sink.forget()


if __name__ == "__main__":
    asyncio.run(serve())
