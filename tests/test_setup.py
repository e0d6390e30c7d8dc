"""The first installation shows that it goes on."""

import os
import subprocess
import time
from pathlib import Path

import pytest

from tests.support.waiting import wait_until

ROOT = Path(__file__).resolve().parent.parent
INSTALLING = "echo Collecting django; until [ -f go ]; do sleep 0.1; done"


def installing(folder, *arguments, code="", stderr=subprocess.PIPE):
    """bin/_setup.sh, that installs with a program of ours until the file `go` is there."""
    script = f". '{ROOT}/bin/_setup.sh'; name=test; line_every=1; {code} run_logged sh -c '{INSTALLING}'"
    return subprocess.Popen(["sh", "-c", script, "sh", *arguments], cwd=folder, stderr=stderr)


def test_in_a_pipe_a_line_now_and_then_tells_what_is_installed(tmp_path):
    process = installing(tmp_path)
    assert process.stderr.readline().endswith(b" s: Collecting django\n")
    assert process.stderr.readline().endswith(b" s: Collecting django\n")
    (tmp_path / "go").touch()
    process.communicate()
    assert process.returncode == 0
    assert not (tmp_path / ".venv-install.log").exists()


def test_on_a_terminal_one_line_changes_and_is_gone_afterwards(tmp_path):
    ours, theirs = os.openpty()
    process = installing(tmp_path, stderr=theirs)
    os.close(theirs)
    shown = b""
    while shown.count(b"\r") < 2:
        shown += os.read(ours, 4096)
    (tmp_path / "go").touch()
    process.wait()
    shown += os.read(ours, 4096)
    os.close(ours)
    assert b"\n" not in shown
    assert b" s: Collecting django" in shown
    assert shown.endswith(b"\r\033[K")


@pytest.mark.parametrize("option", ["--quiet", "-q"])
def test_nothing_is_shown_when_it_shall_be_quiet(option, tmp_path):
    process = installing(tmp_path, option)
    time.sleep(2.5)  # in which there would be two lines
    (tmp_path / "go").touch()
    assert process.communicate()[1] == b""


def test_being_stopped_stops_what_installs(tmp_path):
    process = installing(tmp_path, code="take_lock;")
    wait_until((tmp_path / ".venv-install.log").exists)
    wait_until((tmp_path / ".venv-install.log").read_text)
    process.terminate()
    assert process.wait() == 143
    assert not (tmp_path / ".venv.lock").exists()
    process.stderr.read()  # ends when nobody holds it any more


def test_a_failure_is_told_in_one_line(tmp_path):
    failing = "echo Collecting x; echo ERROR: No space left; exit 1"
    script = f". '{ROOT}/bin/_setup.sh'; name=test; run_logged sh -c '{failing}'"
    done = subprocess.run(["sh", "-c", script], cwd=tmp_path, capture_output=True, text=True, check=False)
    assert done.returncode == 1
    assert done.stderr == "test: the disk is full: make room (about 600 MB) and start again\n"
