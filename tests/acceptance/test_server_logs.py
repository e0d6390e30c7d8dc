"""What the web servers log of an address that holds a token."""

import re
import urllib.request
from contextlib import suppress

import pytest

from tests.support.waiting import wait_until
from tests.support.web_servers import free_port, server

pytestmark = [pytest.mark.acceptance, pytest.mark.django_db(transaction=True)]
TOKEN = "MTIz~abcDEF"
ADDRESSES = [
    f"/login?signed_login_event={TOKEN}",
    f"/password_reset/edit?user%5Bsigned_id%5D={TOKEN}",
    f"/users/1/email/verify?email_verification_key={TOKEN}",
    f"/maintenance/user/email_notification?user_id=1&sig={TOKEN}",
    f"/dmails/1?key={TOKEN}",
]


@pytest.mark.parametrize(
    "command",
    [
        ["-m", "gunicorn", "booru.wsgi", "--access-logfile", "-", "--bind", "127.0.0.1:{port}"],
        ["manage.py", "runserver", "--noreload", "127.0.0.1:{port}"],
    ],
    ids=["gunicorn", "runserver"],
)
@pytest.mark.parametrize("log_format", ["text", "json"])
def test_no_token_is_logged(command, log_format, tmp_path):
    port = free_port()
    with server(
        tmp_path, *(part.format(port=port) for part in command), JOBS_MODE="external", LOG_FORMAT=log_format
    ):
        wait_until(lambda: visited(port, "/login"), what="the server to answer")
        for address in ADDRESSES:
            visited(port, address)
        log = tmp_path / "server.log"
        wait_until(lambda: "/dmails/1?key=" in log.read_text(), what="the last line of the log")
    written = log.read_text()
    assert len(re.findall(r"=\[FILTERED\]", written)) >= len(ADDRESSES)
    assert "MTIz" not in written
    assert "abcDEF" not in written


def visited(port, address):
    """Asks for it, with the address as the one that it came from too; tells whether it was shown."""
    url = f"http://127.0.0.1:{port}{address}"
    request = urllib.request.Request(url, headers={"Referer": url})
    with suppress(OSError), urllib.request.urlopen(request, timeout=60) as answer:
        return answer.status == 200
    return False
