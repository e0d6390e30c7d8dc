"""A server for as long as a command runs."""

import signal
import subprocess
import sys
from pathlib import Path

import pytest

from booru.embedded_postgres.borrowing import TEMPORARY_PREFIX, borrowed, lent_address, run, temporary_server
from tests.booru.embedded_postgres.servers import a_server, query


@pytest.fixture(scope="module")
def server():
    with a_server() as server:
        yield server


ADDRESS = "postgres://there/it"


def python(code: str) -> list[str]:
    return [sys.executable, "-c", code]


def test_a_borrowed_server_is_stopped_afterwards(server):
    with borrowed(server):
        assert query(server, "SELECT 1") == 1

    assert not server.is_running()


def test_a_server_that_ran_before_stays(server):
    server.start()
    with borrowed(server):
        pass

    assert server.is_running()
    server.stop()


def test_a_server_left_by_a_killed_borrower_is_stopped_by_the_next(server):
    server.start()
    gone = subprocess.Popen(python("pass"))
    gone.wait()
    server.owner_file.write_text(f"{gone.pid} 1700000000.0")

    with borrowed(server):
        pass

    assert not server.is_running()


def test_of_a_temporary_server_nothing_stays():
    with temporary_server() as server:
        assert query(server, "SELECT 1") == 1

    assert not server.home.exists()
    assert not server.is_running()


def test_a_temporary_server_whose_owner_was_killed_is_removed_by_the_next():
    code = (
        "import os; from booru.embedded_postgres.borrowing import temporary_server;"
        "entered = temporary_server(); server = entered.__enter__(); print(server.home, flush=True);"
        "os.kill(os.getpid(), 9)"
    )
    abandoned = Path(subprocess.run(python(code), capture_output=True, text=True, check=False).stdout.strip())
    assert abandoned.name.startswith(TEMPORARY_PREFIX)
    assert abandoned.exists()

    with temporary_server():
        assert not abandoned.exists()


def test_the_exit_code_is_the_commands():
    assert run(python("import sys; sys.exit(7)"), DATABASE_URL=ADDRESS) == 7
    assert run(python("import os; os.kill(os.getpid(), 15)"), DATABASE_URL=ADDRESS) == 128 + signal.SIGTERM
    assert run(["/no/such/command"], DATABASE_URL=ADDRESS) == 127


def test_the_command_is_told_the_address():
    code = f"import os, sys; sys.exit(os.environ['DATABASE_URL'] != {ADDRESS!r})"

    assert run(python(code), DATABASE_URL=ADDRESS) == 0


def test_within_a_lent_server_that_one_is_lent_again(monkeypatch):
    monkeypatch.setenv("DATABASE_URL", ADDRESS)

    with lent_address(is_temporary=False) as project, lent_address(is_temporary=True) as temporary:
        assert project == temporary == ADDRESS


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGHUP])
def test_signals_are_passed_on(number):
    code = f"import os, time; os.kill(os.getppid(), {int(number)}); time.sleep(60)"
    # Under nohup, say, the tests themselves ignore some.
    before = signal.signal(number, signal.SIG_DFL)
    try:
        assert run(python(code), DATABASE_URL=ADDRESS) == 128 + number
    finally:
        signal.signal(number, before)
