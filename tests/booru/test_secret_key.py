"""The key that nobody else may know."""

import os
import stat
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from django.core.exceptions import ImproperlyConfigured

from booru.secret_key import kept_key, key_to_lend, secret_key

ROOT = Path(__file__).parents[2]
PUBLIC = "django-insecure-key-for-a-site-that-only-this-machine-can-reach"


@pytest.fixture
def bare(monkeypatch):
    for name in ("SECRET_KEY", "DATABASE_URL"):
        monkeypatch.delenv(name, raising=False)
    return monkeypatch


def test_a_key_is_made_once_and_kept_for_this_account_alone(tmp_path):
    folder = tmp_path / "new" / ".postgres"
    key = kept_key(folder)
    assert kept_key(folder) == key
    assert len(key) >= 64
    assert stat.S_IMODE((folder / "secret_key").stat().st_mode) == 0o600
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    assert kept_key(tmp_path / "other") != key
    assert [path.name for path in folder.iterdir()] == ["secret_key"]


def test_who_opened_the_file_to_others_is_corrected(tmp_path):
    key = kept_key(tmp_path)
    (tmp_path / "secret_key").chmod(0o644)
    assert kept_key(tmp_path) == key
    assert stat.S_IMODE((tmp_path / "secret_key").stat().st_mode) == 0o600


@pytest.mark.parametrize("left", [b"", b"\n", b"half-writ", b"\xff" * 100, b"a" * 63 + b"\n", b"\0" * 80])
def test_what_a_crash_left_half_written_is_no_key(tmp_path, left):
    (tmp_path / "secret_key").write_bytes(left)
    key = kept_key(tmp_path)
    assert len(key) >= 64
    assert kept_key(tmp_path) == key


def test_many_processes_at_once_get_the_same(tmp_path):
    code = "import sys; from pathlib import Path; from booru.secret_key import kept_key; "
    code += "sys.stdin.readline(); print(kept_key(Path(sys.argv[1])))"
    (tmp_path / "secret_key").write_bytes(b"half")
    pipe = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "text": True, "cwd": ROOT}
    started = [subprocess.Popen([sys.executable, "-c", code, str(tmp_path)], **pipe) for _ in range(6)]
    with ThreadPoolExecutor(6) as pool:
        keys = set(pool.map(lambda process: process.communicate("go\n")[0].strip(), started))
    assert keys == {kept_key(tmp_path)}


def test_a_folder_that_takes_no_file_is_told_in_one_line(tmp_path):
    (tmp_path / "file").write_text("")
    with pytest.raises(
        ImproperlyConfigured, match=r"^Cannot keep a secret key in .*: set SECRET_KEY to a [^\n]+$"
    ):
        kept_key(tmp_path / "file" / ".postgres")


def test_what_the_environment_says_comes_first(bare):
    bare.setenv("DATABASE_URL", "postgres://nobody@127.0.0.1:1/nothing")
    bare.setenv("SECRET_KEY", "of our own")
    assert secret_key() == key_to_lend(is_temporary=True) == "of our own"


@pytest.mark.parametrize("key", [None, "", " ", "...", PUBLIC])
def test_with_a_database_and_no_secret_there_is_no_key(bare, key):
    bare.setenv("DATABASE_URL", "postgres://nobody@127.0.0.1:1/nothing")
    if key is not None:
        bare.setenv("SECRET_KEY", key)
    with pytest.raises(ImproperlyConfigured, match=r"set .*long random text"):
        secret_key()


@pytest.mark.usefixtures("bare")
def test_tests_sign_with_keys_of_their_own():
    assert key_to_lend(is_temporary=True) != key_to_lend(is_temporary=True)


@pytest.mark.parametrize(
    "command",
    [
        *(["manage.py", name] for name in ("migrate", "qcluster", "check", "seed", "jobs", "shell")),
        ["manage.py", "runserver", "--noreload", "127.0.0.1:0"],
        ["-m", "gunicorn", "booru.wsgi", "--bind", "127.0.0.1:0"],
    ],
    ids=lambda command: command[1] if command[0] == "manage.py" else "gunicorn",
)
@pytest.mark.parametrize("variables", [{}, {"SECRET_KEY": PUBLIC, "ALLOWED_HOSTS": "127.0.0.1"}])
def test_nothing_starts_with_a_database_and_no_secret(command, variables):
    environment = {name: value for name, value in os.environ.items() if name != "SECRET_KEY"}
    environment |= {"DATABASE_URL": "postgres://nobody@127.0.0.1:1/nothing", **variables}
    done = subprocess.run(
        [sys.executable, *command], cwd=ROOT, env=environment, capture_output=True, text=True, check=False
    )
    assert done.returncode == 1
    [line] = done.stderr.splitlines()
    assert "SECRET_KEY" in line
    assert "long random text" in line


@pytest.mark.parametrize(
    ("name", "text"), [("DANBOORU_EMAIL_KEY", PUBLIC), ("DANBOORU_MAIL_WEBHOOK_SECRET", "user:password")]
)
def test_other_secrets_that_everybody_knows_are_refused(name, text):
    done = subprocess.run(
        [sys.executable, "manage.py", "check"],
        cwd=ROOT,
        env={**os.environ, name: text},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 1
    [line] = done.stderr.splitlines()
    assert name in line
