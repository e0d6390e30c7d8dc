"""Real web servers for tests, as processes of their own; they perform the jobs themselves."""

import os
import signal
import socket
import subprocess
import sys
import urllib.request
from contextlib import contextmanager, suppress

from tests.support.clusters import ROOT, database_url
from tests.support.waiting import PATIENCE, wait_until


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


@contextmanager
def server(folder, *command, **environment):
    log = folder / "server.log"
    with log.open("wb") as output:
        process = subprocess.Popen(
            [sys.executable, *command],
            cwd=ROOT,
            env={**os.environ, "DATABASE_URL": database_url(), "JOBS_MODE": "async", **environment},
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
    try:
        yield process
    finally:
        with suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGTERM)
        with suppress(subprocess.TimeoutExpired):
            process.wait(60)
        with suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
        process.wait(PATIENCE)


def get(port):
    def answers():
        url = f"http://127.0.0.1:{port}/jobs.json"
        with suppress(OSError), urllib.request.urlopen(url, timeout=60) as answer:
            return answer.status == 200
        return False

    wait_until(answers, what="the server to answer")
