import pytest

from booru.demo.errors import CannotStart, StepFailed
from booru.demo.servers import Servers, listen, wait_for_other_workers
from booru.demo.waiting import wait_for
from jobs.engine.cluster.heartbeat import live_clusters


def test_a_busy_port_is_told_with_what_to_do():
    with listen(0) as taken:
        port = taken.getsockname()[1]
        with pytest.raises(CannotStart, match=rf"Cannot use port {port} \(Address already in use\).*--port"):
            listen(port)


def test_a_port_that_cannot_be_is_told_too():
    with pytest.raises(CannotStart, match="Cannot use port 80000"):
        listen(80000)


def test_a_server_that_ends_is_noticed_with_the_end_of_its_log(tmp_path):
    servers = Servers(tmp_path, {})
    servers.logs.mkdir()
    (tmp_path / "manage.py").write_text("print('no luck today'); raise SystemExit(3)")
    servers.start_workers()
    with pytest.raises(StepFailed, match=r"worker cluster ended with code 3(.|\n)*no luck today"):
        wait_for(lambda: None, servers.check, seconds=20, missing="nothing")
    servers.stop()


def test_stopping_ends_even_a_server_that_will_not(tmp_path, monkeypatch):
    monkeypatch.setattr("booru.demo.servers._SECONDS_TO_STOP", 0.2)
    servers = Servers(tmp_path, {})
    servers.logs.mkdir()
    stubborn = "import signal, time; signal.signal(signal.SIGTERM, signal.SIG_IGN)"
    (tmp_path / "manage.py").write_text(f"{stubborn}; print('up', flush=True); time.sleep(60)")
    servers.start_workers()
    log = servers.logs / "workers.log"
    wait_for(lambda: log.read_text() or None, servers.check, seconds=20, missing="its output")
    servers.stop()
    with pytest.raises(StepFailed, match="ended with code -9"):
        servers.check()


def test_waiting_ends_in_time():
    with pytest.raises(StepFailed, match="the moon was not seen within 0 s"):
        wait_for(lambda: None, lambda: None, seconds=0.1, missing="the moon was not seen")


@pytest.mark.django_db
def test_without_other_workers_nothing_is_waited_for():
    assert live_clusters() == []
    wait_for_other_workers()
