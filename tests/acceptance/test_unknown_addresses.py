"""A real gunicorn on a unix socket, where no visitor has an address: limits hold all the same."""

import http.client
import socket
import tempfile
from pathlib import Path
from urllib.parse import urlencode

import pytest

from booru.models import RateLimit, User
from tests.support.clusters import wait_until
from tests.support.web_servers import server

pytestmark = [pytest.mark.acceptance, pytest.mark.django_db(transaction=True)]


class UnixConnection(http.client.HTTPConnection):
    def __init__(self, path):
        super().__init__("localhost", timeout=60)
        self.path = path

    def connect(self):
        self.sock = socket.socket(socket.AF_UNIX)
        self.sock.settimeout(self.timeout)
        self.sock.connect(self.path)


def visit(path, method="GET", body=None, **headers):
    """The answer's status and headers."""
    connection = UnixConnection(path)
    connection.request(method, "/login" if method == "GET" else "/session.json", body, headers)
    answer = connection.getresponse()
    answer.read()
    connection.close()
    return answer.status, answer


def try_a_password(path, name="nobody", **headers):
    """As a browser without a session; its token for forms comes with the log-in page."""
    _, page = visit(path)
    token = page.getheader("Set-Cookie").partition("csrftoken=")[2].partition(";")[0]
    body = urlencode({"session[name]": name, "session[password]": "wrong"})
    headers |= {"Content-Type": "application/x-www-form-urlencoded"}
    return visit(path, "POST", body, Cookie=f"csrftoken={token}", **{"X-CSRFToken": token}, **headers)[0]


def listening(folder, log, **environment):
    User.objects.system()
    path = f"{folder}/s"
    command = ["-m", "gunicorn", "booru.wsgi", "--bind", f"unix:{path}"]
    return server(log, *command, DANBOORU_RATE_LIMITS="1", **environment), path


def is_up(path):
    try:
        return visit(path)[0] == 200
    except OSError:
        return False


def test_those_without_an_address_share_one_limit(tmp_path):
    with tempfile.TemporaryDirectory(prefix="d") as folder:
        running, path = listening(folder, tmp_path)
        with running:
            wait_until(lambda: is_up(path), what="the server to answer")
            assert [try_a_password(path) for _ in range(6)] == [401] * 5 + [429]
            assert try_a_password(path, **{"X-Forwarded-For": "5.5.5.5"}) == 429, "not believed"
    assert set(RateLimit.objects.filter(action="sessions:create").values_list("key", flat=True)) == {
        "ip/unknown"
    }
    assert "no visitor has an address" in Path(tmp_path / "server.log").read_text()


def test_a_proxy_tells_who_is_who(tmp_path):
    with tempfile.TemporaryDirectory(prefix="d") as folder:
        running, path = listening(folder, tmp_path, JOBS_TRUSTED_PROXIES="1")
        with running:
            wait_until(lambda: is_up(path), what="the server to answer")
            tries = [
                try_a_password(path, **{"X-Forwarded-For": f"9.9.9.{n}, 5.5.5.6:100{n}"}) for n in range(6)
            ]
            assert tries == [401] * 5 + [429]
            assert try_a_password(path, **{"X-Forwarded-For": "5.5.6.6:1000"}) == 401
            hidden = [
                try_a_password(path, "another", **{"X-Forwarded-For": f"5.5.7.{n}, unknown"})
                for n in range(6)
            ]
            assert hidden == [401] * 5 + [429]
    assert "no visitor has an address" not in Path(tmp_path / "server.log").read_text()
