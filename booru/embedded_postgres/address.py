"""The address of the database, worked out without asking any server.

The embedded server listens on a Unix socket only: no port has to be found free, nothing of it is on the
network, and the kernel tells the server who calls ("peer"), so there is no password to keep. The socket's
folder has a short name, because its path may have 107 bytes and the project's may be longer.
"""

import hashlib
import os
from pathlib import Path
from urllib.parse import quote, unquote, urlencode, urlsplit

from booru.embedded_postgres.account import server_account

PROJECT = Path(__file__).resolve().parents[2]
ROLE = "booru"
DATABASE = "danbooru"


def database_url() -> str:
    """DATABASE_URL, or the address that the project's embedded server has whenever it runs.

    In the form that django-environ reads, with a socket's folder in the path: postgres://user@//folder/database.
    """
    return _with_socket_in_path(os.environ.get("DATABASE_URL") or embedded_url(socket_folder(PROJECT)))


def embedded_url(sockets: Path, database: str = DATABASE) -> str:
    """The address of a server of ours, in PostgreSQL's own form; another user's server there is refused."""
    account = server_account()
    query = f"?{urlencode({'requirepeer': account.name})}" if account.name else ""
    return f"postgresql://{ROLE}@{quote(str(sockets), safe='')}/{database}{query}"


def socket_folder(project: Path) -> Path:
    """Where the server of the project in that folder has its socket."""
    # Not tempfile.gettempdir(): processes with another TMPDIR must find it too. The server makes it private.
    return Path("/tmp") / f"danbooru-{os.getuid()}-{short_name(project)}"  # noqa: S108


def short_name(project: Path) -> str:
    """Twelve characters that stand for a folder's path."""
    return hashlib.sha256(os.fsencode(project)).hexdigest()[:12]


def _with_socket_in_path(url: str) -> str:
    parts = urlsplit(url)
    user, at, host = parts.netloc.rpartition("@")
    if not host.upper().startswith("%2F"):
        return url
    return parts._replace(netloc=f"{user}{at}", path=f"/{unquote(host)}{parts.path}").geturl()
