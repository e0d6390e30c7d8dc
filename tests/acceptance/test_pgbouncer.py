"""PgBouncer between the database and the site, and its workers: what works, and what is refused."""

import json
import os
import re
import subprocess
import sys
import urllib.error
import urllib.request
from base64 import b64encode
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack

import psycopg
import pytest

from booru.models import ApiKey, BulkUpdateRequest, Dmail, Level, Post, RateLimit
from jobs.engine.models import BackgroundJob, JobProgress, WorkerCluster
from tests.acceptance.test_server_logs import visited
from tests.support.clusters import ROOT, all_finished, database_url, running_cluster
from tests.support.keyed_jobs import ReportingJob
from tests.support.pgbouncer import needs_pgbouncer, pgbouncer
from tests.support.sample_jobs import RecordJob
from tests.support.tag_factories import make_post, make_user
from tests.support.waiting import PATIENCE, wait_until
from tests.support.web_servers import free_port, server

pytestmark = [needs_pgbouncer, pytest.mark.acceptance, pytest.mark.django_db(transaction=True)]

# Fewer connections to the database than clients: each is handed to and fro.
FEW = 3
# What PgBouncer sets for each client as this one had it.
SET_ANEW = {"TimeZone", "DateStyle", "application_name", "client_encoding", "standard_conforming_strings"}


@pytest.mark.parametrize("mode", ["transaction", "statement"])
def test_workers_do_not_start_where_they_would_not_hear_of_jobs(mode):
    with pgbouncer(mode) as pool:
        done = subprocess.run(
            [sys.executable, "manage.py", "qcluster"],
            cwd=ROOT,
            env={**os.environ, "DATABASE_URL": pool.url},
            capture_output=True,
            text=True,
            timeout=PATIENCE,
            check=False,
        )
    assert done.returncode == 1
    (line,) = done.stderr.splitlines()
    assert re.search(r"pool that hands connections on .* pool_mode = session", line)
    assert not WorkerCluster.objects.exists()


def test_workers_do_all_they_do_behind_a_pool_of_sessions(tmp_path):
    with pgbouncer("session") as pool, running_cluster(tmp_path, DATABASE_URL=pool.url) as cluster:
        jobs = [RecordJob.enqueue(n) for n in range(200)]
        reporting = ReportingJob.enqueue(3)
        wait_until(all_finished, what="the jobs")
        assert not re.search("WARNING|ERROR|CRITICAL", cluster.log.read_text())
    assert BackgroundJob.objects.filter(attempts=1, error=None).count() == len(jobs) + 1
    assert JobProgress.objects.get(job=reporting).done == 2


def test_workers_take_the_direct_address_where_there_are_two(tmp_path):
    with pgbouncer("transaction") as pool:
        addresses = {"DATABASE_URL": pool.url, "DIRECT_DATABASE_URL": database_url()}
        with running_cluster(tmp_path, **addresses):
            job = RecordJob.enqueue(1)
            wait_until(all_finished, what="the job")
    job.refresh_from_db()
    assert (job.attempts, job.error) == (1, None)


def test_threads_of_a_web_process_leave_jobs_to_others(tmp_path):
    job = RecordJob.enqueue(1)
    with pgbouncer("transaction") as pool:
        command = ("manage.py", "runserver", "--noreload", f"127.0.0.1:{free_port()}")
        with server(tmp_path, *command, DATABASE_URL=pool.url):
            log = tmp_path / "server.log"
            wait_until(lambda: "perform no jobs" in log.read_text(), what="them to say so")
    job.refresh_from_db()
    assert job.attempts == 0


def test_the_site_does_all_it_does_behind_a_pool_of_transactions(tmp_path, settings):
    """Its limits are on. The workers have the database itself."""
    writers = [make_user(name=f"writer{n}") for n in range(8)]
    admin = make_user(Level.ADMIN)
    keys = {user: ApiKey.objects.make(user)[1] for user in (*writers, admin)}
    posts = [make_post(f"before{n}") for n in range(len(writers))]
    port = free_port()

    def ask(user, path, **fields):
        number = list(keys).index(user)
        credentials = b64encode(f"{user.name}:{keys[user]}".encode()).decode()
        headers = {"Authorization": f"Basic {credentials}", "Content-Type": "application/json"}
        headers["X-Forwarded-For"] = f"203.0.{number}.7"
        data = json.dumps(fields).encode() if fields else None
        request = urllib.request.Request(f"http://127.0.0.1:{port}{path}.json", data, headers)
        with urllib.request.urlopen(request, timeout=PATIENCE) as answer:
            return json.loads(answer.read() or "null")

    def write(number):
        user, other = writers[number], writers[number - 1]
        ask(user, "/dmails", dmail={"to_name": other.name, "title": "Hello", "body": "world"})
        script = f"alias before{number} -> after{number}"
        bur = ask(
            user,
            "/bulk_update_requests",
            bulk_update_request={"script": script, "title": "A new alias", "reason": "because"},
        )
        ask(user, f"/bulk_update_requests/{bur['id']}/dry_run")
        ask(admin, f"/bulk_update_requests/{bur['id']}/approve", confirm=True)
        for path in ("/posts", "/tags", "/dmails", "/bulk_update_requests", "/tag_aliases"):
            assert ask(user, path) is not None

    gunicorn = ("-m", "gunicorn", "booru.wsgi", "--workers", "2", "--bind", f"127.0.0.1:{port}")
    with pgbouncer("transaction", default_pool_size=FEW) as pool:
        addresses = {"DATABASE_URL": pool.url, "DIRECT_DATABASE_URL": database_url()}
        addresses["JOBS_TRUSTED_PROXIES"] = "1"
        generous = {"DANBOORU_COST_LIMITS": "anonymous=0;gold=0;platinum=0;builder=0;moderator=0"}
        with server(tmp_path, *gunicorn, JOBS_MODE="external", **addresses, **generous):
            wait_until(lambda: visited(port, "/login"), what="the site")
            with running_cluster(tmp_path, **addresses), ThreadPoolExecutor(len(writers)) as people:
                list(people.map(write, range(len(writers))))
                wait_until(all_finished, what="the jobs")
            assert not left_behind(pool)
        log = (tmp_path / "server.log").read_text()
    assert not re.search("Traceback|prepared statement| ERROR ", log)
    assert not BackgroundJob.objects.filter(error__isnull=False).exists()
    assert Dmail.objects.filter(title="Hello").count() == 2 * len(writers)
    assert set(BulkUpdateRequest.objects.values_list("status", flat=True)) == {"approved"}
    assert [Post.objects.get(pk=post.pk).tag_string for post in posts] == [
        f"after{n}" for n in range(len(posts))
    ]
    assert RateLimit.objects.exists()


def left_behind(pool):
    """Settings that clients have left on the connections to the database, for whoever is given them next."""
    query = "SELECT name FROM pg_settings WHERE source = 'session'"
    with ExitStack() as stack:
        # Each in a transaction, so that each has another one.
        clients = [stack.enter_context(psycopg.connect(pool.url)) for _ in range(FEW)]
        names = {name for client in clients for (name,) in client.execute(query)}
    return names - SET_ANEW
