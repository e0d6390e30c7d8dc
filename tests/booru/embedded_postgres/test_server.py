"""Starting and stopping a real PostgreSQL, also after accidents."""

import signal
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor

import psycopg
import pytest

from booru.embedded_postgres import processes
from booru.embedded_postgres.errors import PostgresUnavailable
from booru.embedded_postgres.server import Server
from tests.booru.embedded_postgres.servers import a_server, process_of, query
from tests.support.waiting import PATIENCE


@pytest.fixture(scope="module")
def server():
    with a_server() as server:
        yield server


@pytest.fixture
def running(server):
    server.start()
    return server


@pytest.fixture
def stopped(server):
    server.start()
    server.stop()
    return server


@pytest.fixture
def stranger():
    process = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(600)"])
    yield process
    process.kill()
    process.wait()


def test_it_starts_and_answers(running):
    assert query(running, "SELECT current_user || ' ' || current_database()") == "booru danbooru"


def test_upper_and_lower_case_are_known_beyond_ascii(running):
    assert query(running, "SELECT 'ÉCOLE' ILIKE 'école'") is True


def test_it_listens_on_no_network(running):
    assert query(running, "SHOW listen_addresses") == ""


def test_nobody_but_who_started_it_is_let_in(running):
    rules = query(running, "SELECT string_agg(type || ' ' || auth_method, ',') FROM pg_hba_file_rules")

    assert rules == "local peer"
    assert running.sockets.stat().st_mode & 0o077 == 0
    assert running.data.stat().st_mode & 0o077 == 0


def test_starting_it_again_changes_nothing(running):
    pid = process_of(running).pid

    assert running.start() is False
    assert process_of(running).pid == pid


def test_stopping_it_leaves_no_process_and_no_socket(running):
    process = process_of(running)
    created = process.create_time()

    assert running.stop() is True
    assert not processes.is_alive(process.pid, created)
    assert not running.sockets.exists()
    assert running.stop() is False


def test_data_outlives_a_stop(running):
    query(running, "CREATE TABLE IF NOT EXISTS kept (id int)")
    running.stop()
    running.start()

    assert query(running, "SELECT count(*) FROM kept") == 0


def test_it_starts_again_after_a_kill(running):
    query(running, "CREATE TABLE IF NOT EXISTS survivors (id int)")
    assert processes.stop([process_of(running)], signal.SIGKILL)

    assert running.start() is True
    assert query(running, "SELECT count(*) FROM survivors") == 0


def test_a_pid_that_is_a_strangers_by_now_is_left_alone(stopped, stranger):
    socket_lock = stopped.sockets / ".s.PGSQL.5432.lock"
    stopped.sockets.mkdir(mode=0o700)
    for stale in (stopped.data / "postmaster.pid", socket_lock):
        stale.write_text(f"{stranger.pid}\n{stopped.data}\n1700000000\n5432\n{stopped.sockets}\n\n\n")

    assert not stopped.is_running()
    assert stopped.stop() is False
    stopped.sockets.mkdir(mode=0o700, exist_ok=True)
    assert stopped.start() is True
    assert stranger.poll() is None


def test_threads_that_start_it_at_once_start_one(stopped):
    with ThreadPoolExecutor(4) as pool:
        started = list(pool.map(lambda _: stopped.start(), range(4)))

    assert sorted(started) == [False, False, False, True]


def test_processes_that_start_it_at_once_start_one(stopped):
    code = (
        "import sys; from pathlib import Path; from booru.embedded_postgres.server import Server;"
        "print(Server(Path(sys.argv[1]), Path(sys.argv[2])).start())"
    )
    command = [sys.executable, "-c", code, str(stopped.home), str(stopped.sockets)]

    both = [subprocess.Popen(command, stdout=subprocess.PIPE, text=True) for _ in range(2)]

    assert sorted(process.communicate(timeout=PATIENCE)[0].strip() for process in both) == ["False", "True"]


def test_a_moved_project_moves_its_socket(running):
    moved = Server(home=running.home, sockets=running.sockets.with_name("moved"))

    assert moved.start() is True
    assert query(moved, "SELECT 1") == 1
    moved.stop()


def test_half_made_data_is_made_again():
    with a_server("half made") as server:
        (server.home / "data.unfinished").mkdir()
        (server.home / "data.unfinished" / "PG_VERSION").write_text("18\n")

        server.start()

        assert query(server, "SELECT 1") == 1


def test_data_of_another_version_is_not_touched(stopped):
    version = stopped.data / "PG_VERSION"
    before = version.read_text()
    version.write_text("9\n")
    try:
        with pytest.raises(PostgresUnavailable, match="made by PostgreSQL 9 "):
            stopped.start()
    finally:
        version.write_text(before)


def test_a_socket_folder_that_is_a_link_is_not_trusted(stopped):
    stopped.sockets.symlink_to(stopped.home)
    try:
        with pytest.raises(PostgresUnavailable, match="belongs to somebody else"):
            stopped.start()
    finally:
        stopped.sockets.unlink()


def test_another_role_is_not_let_in(running):
    with pytest.raises(psycopg.OperationalError, match=r"no pg_hba\.conf entry"):
        psycopg.connect(running.url, user="postgres")
