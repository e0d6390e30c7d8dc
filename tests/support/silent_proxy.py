"""A proxy before the database that falls silent: its connections stay open and take what is sent."""

import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from urllib.parse import quote

import psutil
from django.db import connection


class SilentProxy:
    """Passes everything on, but for the connections that were silenced."""

    def __init__(self) -> None:
        self._listener = socket.create_server(("127.0.0.1", 0))
        db = connection.settings_dict
        self._target: tuple[str, int] = (db["HOST"] or "127.0.0.1", int(db["PORT"] or 5432))
        self._silent: set[int] = set()
        self._clients: dict[int, socket.socket] = {}
        self._sockets: list[socket.socket] = []
        self._lock = threading.Lock()
        threading.Thread(target=self._accept, daemon=True).start()

    @property
    def port(self) -> int:
        return int(self._listener.getsockname()[1])

    @property
    def url(self) -> str:
        db = connection.settings_dict
        password = f":{quote(db['PASSWORD'])}" if db["PASSWORD"] else ""
        return f"postgres://{quote(db['USER'])}{password}@127.0.0.1:{self.port}/{quote(db['NAME'])}"

    def silence(self, *pids: int) -> None:
        """From now on nothing of the connections that these processes have goes through, either way."""
        for pid in pids:
            ports = {found.laddr.port for found in psutil.Process(pid).net_connections("tcp")}
            with self._lock:
                known = ports & set(self._clients)
                assert known, f"{pid} has no connection"
                self._silent |= known

    def close(self) -> None:
        for each in [self._listener, *self._sockets]:
            with suppress(OSError):
                each.shutdown(socket.SHUT_RDWR)
            each.close()

    def _accept(self) -> None:
        with suppress(OSError):
            while True:
                client, (_, port) = self._listener.accept()
                server = _connect(*self._target)
                with self._lock:
                    # A port may be used again, by somebody else.
                    self._silent.discard(port)
                    self._clients[port] = client
                    self._sockets += [client, server]
                for ends in ((client, server), (server, client)):
                    threading.Thread(target=self._pass_on, args=(port, *ends), daemon=True).start()

    def _pass_on(self, port: int, source: socket.socket, target: socket.socket) -> None:
        with suppress(OSError):
            while data := source.recv(65536):
                if self._clients[port] in (source, target) and port in self._silent:
                    continue
                target.sendall(data)
            if port not in self._silent:
                target.shutdown(socket.SHUT_WR)


def _connect(host: str, port: int) -> socket.socket:
    if not host.startswith("/"):
        return socket.create_connection((host, port))
    server = socket.socket(socket.AF_UNIX)
    server.connect(f"{host}/.s.PGSQL.{port}")
    return server


@contextmanager
def silent_proxy() -> Iterator[SilentProxy]:
    proxy = SilentProxy()
    try:
        yield proxy
    finally:
        proxy.close()
