"""Who the embedded PostgreSQL runs as: PostgreSQL refuses to run as root."""

import os
import pwd
from dataclasses import dataclass
from functools import cache
from pathlib import Path

# An account that most machines have already; nothing is added to /etc/passwd.
UNPRIVILEGED = ("postgres", "nobody")


@dataclass(frozen=True)
class Account:
    """A user of this machine; one without a name is not in /etc/passwd, as happens in containers."""

    name: str
    uid: int
    gid: int
    is_other: bool

    def give(self, path: Path) -> None:
        """Make a file or folder its own."""
        if self.is_other:
            os.chown(path, self.uid, self.gid)


@cache
def caller_name() -> str:
    """The name of the user who runs this process, or "" where it has none."""
    try:
        return pwd.getpwuid(os.getuid()).pw_name
    except KeyError:
        return ""


@cache
def server_account() -> Account:
    """The caller's own account, or an unprivileged one when the caller is root."""
    if os.getuid() != 0:
        return Account(caller_name(), os.getuid(), os.getgid(), is_other=False)
    for name in UNPRIVILEGED:
        try:
            entry = pwd.getpwnam(name)
        except KeyError:
            continue
        return Account(name, entry.pw_uid, entry.pw_gid, is_other=True)
    return Account("", 0, 0, is_other=False)
