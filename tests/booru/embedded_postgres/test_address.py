"""The address of the database, without a server."""

import subprocess
import sys
from pathlib import Path

import environ
import pytest

from booru.embedded_postgres import database_url
from booru.embedded_postgres.address import socket_folder

ROOT = Path(__file__).resolve().parents[3]


@pytest.fixture
def without_url(monkeypatch):
    monkeypatch.delenv("DATABASE_URL", raising=False)


def test_database_url_in_the_environment_is_used(monkeypatch):
    monkeypatch.setenv("DATABASE_URL", "postgres://me@example.com:5433/mine?sslmode=require")

    assert database_url() == "postgres://me@example.com:5433/mine?sslmode=require"


def test_the_same_project_always_has_the_same_address(without_url):
    assert database_url() == database_url()
    assert socket_folder(Path("/a")) == socket_folder(Path("/a")) != socket_folder(Path("/b"))


def test_a_socket_path_stays_short_however_long_the_projects_path_is():
    assert len(str(socket_folder(Path("/" + "long name/" * 50)) / ".s.PGSQL.5432")) < 100


def test_django_finds_the_socket_folder_in_the_address(without_url):
    config = environ.Env.db_url_config(database_url())

    assert config["HOST"] == str(socket_folder(ROOT))
    assert config["NAME"] == "danbooru"


def test_a_socket_folder_in_postgresqls_own_form_is_understood(monkeypatch):
    monkeypatch.setenv("DATABASE_URL", "postgresql://me@%2Fvar%2Frun%2Fpostgresql/mine")

    config = environ.Env.db_url_config(database_url())

    assert (config["HOST"], config["USER"], config["NAME"]) == ("/var/run/postgresql", "me", "mine")


def test_settings_start_no_server(without_url):
    code = (
        "import os, sys; os.environ['DJANGO_SETTINGS_MODULE'] = 'booru.settings';"
        "from django.conf import settings; settings.DATABASES;"
        "print('booru.embedded_postgres.server' in sys.modules)"
    )

    answer = subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True
    )

    assert answer.stdout.strip() == "False"
