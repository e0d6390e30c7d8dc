"""A script of a hundred lines asks the database little more than one of ten, and makes nobody wait."""

from threading import Event, Thread

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext

from booru.bulk_update.preview import preview_script
from booru.models import BulkUpdateRequest, Level, Pool
from booru.models.tag_relationships.tag_relationship import lock_tag_relationships
from tests.support.tag_factories import (
    make_alias,
    make_implication,
    make_request,
    make_tag,
    make_user,
    make_wiki_page,
)

pytestmark = pytest.mark.django_db

PAIRS = ["alias", "imply", "rename", "unalias", "unimply"]
SCRIPTS = {
    **{keyword: [f"{keyword} a{n} -> b{n}" for n in range(100)] for keyword in PAIRS},
    "chain of aliases": [f"alias c{n} -> c{n + 1}" for n in range(100)],
    "chain of implications": [f"imply c{n} -> c{n + 1}" for n in range(100)],
    "category": [f"category a{n} -> artist" for n in range(100)],
    "nuke": [f"nuke a{n}" for n in range(100)],
    "nuke pools": [f"nuke pool:pool_{n}" for n in range(100)],
    "abbreviations": [f"nuke /a{chr(97 + n % 26)}{n}" for n in range(100)],
    "deprecate": [f"deprecate a{n}" for n in range(100)],
    "undeprecate": [f"undeprecate a{n}" for n in range(100)],
    "tag to pool": [f"convert a{n} -> pool:pool_{n}" for n in range(100)],
    "pool to tag": [f"convert pool:pool_{n} -> a{n}" for n in range(100)],
    "nuke other terms": [f"nuke {kind}:x{n}" for n in range(50) for kind in ("parent", "favgroup")],
    "favorite groups": [f"update a{n} -> favgroup:x{n}" for n in range(100)],
    "pools of edits": [f"update a{n} pool:x{n} -> pool:pool_{n} newpool:new_{n}" for n in range(100)],
    "pools that cannot be": [f"update a{n} -> pool:x{chr(97 + n % 26)} source:{n}" for n in range(100)],
    "abbreviations of both sides": [f"update /a{n} -> /b{n}" for n in range(100)],
    "illegal pairs": [f"convert a{n} b{n} -> c{n}" for n in range(100)],
    "mass update": [f"update a{n} b{n} -> c{n}" for n in range(100)],
    "of all kinds": [
        line
        for n in range(0, 100, 10)
        for line in (
            *(f"{keyword} a{n} -> b{n}" for keyword in ("alias", "unalias", "imply", "unimply")),
            f"rename a{n + 1} -> d{n}",
            f"category a{n + 2} -> artist",
            f"nuke a{n + 3}",
            f"deprecate a{n + 4}",
            f"convert a{n + 5} -> pool:pool_{n}",
            f"update a{n + 6} -> b{n}",
        )
    ],
}


@pytest.fixture
def busy_site():
    for n in range(100):
        make_tag(f"a{n}", post_count=20)
        make_tag(f"b{n}", post_count=40)
        make_wiki_page(f"a{n}")
        Pool.objects.create(name=f"pool_{n}", description="Words.")
        make_implication(f"b{n}", f"up{n}")
        make_alias(f"old{n}", f"a{n}")
    for n in range(60):
        make_implication(f"up0_{n}" if n else "up0", f"up0_{n + 1}")


# The site takes seconds to fill, so one test looks at every kind of script.
@pytest.mark.usefixtures("busy_site")
def test_a_preview_of_a_hundred_lines_takes_few_statements():
    asked = {}
    for kind, lines in SCRIPTS.items():
        with CaptureQueriesContext(connection) as queries:
            preview = preview_script("\n".join(lines))
        assert len(preview.lines) == 100, kind
        assert not any("lock" in query["sql"].lower() for query in queries), kind
        asked[kind] = len(queries)
    assert {kind: count for kind, count in asked.items() if count >= 25} == {}


@pytest.mark.usefixtures("busy_site")
def test_what_a_hundred_lines_are_about_takes_few_statements():
    user, saved, locked = make_user(), {}, {}
    for kind, lines in SCRIPTS.items():
        bur = BulkUpdateRequest.objects.create(user=user, script="\n".join(lines))
        with CaptureQueriesContext(connection) as queries:
            bur.save_script()
        saved[kind] = len(queries)
        with CaptureQueriesContext(connection) as queries:
            bur.lock_keys()
        locked[kind] = len(queries)
        bur.delete()
    assert {kind: count for kind, count in saved.items() if count >= 20} == {}
    # More when a tag's implications are followed step by step.
    assert {kind: count for kind, count in locked.items() if count >= 80} == {}


@pytest.mark.usefixtures("busy_site")
def test_a_request_and_its_approval_take_few_statements():
    user, admin = make_user(), make_user(Level.ADMIN)
    with CaptureQueriesContext(connection) as queries:
        bur = make_request("\n".join(f"alias a{n} -> c{n}" for n in range(100)), user)
    assert len(queries) < 60
    with CaptureQueriesContext(connection) as queries:
        assert bur.approval_level == Level.ADMIN
    assert len(queries) == 1
    with CaptureQueriesContext(connection) as queries:
        bur.approve(admin)
    assert len(queries) < 60


@pytest.mark.django_db(transaction=True)
def test_a_preview_waits_for_nobody():
    held, done = Event(), Event()

    def hold():
        with transaction.atomic():
            lock_tag_relationships()
            held.set()
            done.wait(60)
        connection.close()

    thread = Thread(target=hold)
    thread.start()
    held.wait(60)
    try:
        with connection.cursor() as cursor:
            cursor.execute("SET lock_timeout = 1000")
        assert preview_script("alias a -> b\nimply c -> d\nunalias x -> y").lines
    finally:
        done.set()
        thread.join()
