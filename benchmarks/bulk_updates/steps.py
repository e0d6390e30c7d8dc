"""The steps that need the site's own code, each in a process of its own.

`python -m benchmarks.bulk_updates.steps STEP [ARGUMENT...]` answers with a line of JSON.
"""

from __future__ import annotations

import json
import random
import resource
import select
import sys
import time
from pathlib import Path
from typing import Any

import django

django.setup()

from django.db import connection  # noqa: E402
from django.db.models import Max, QuerySet  # noqa: E402

from benchmarks.bulk_updates.board import fill as fill_board  # noqa: E402
from benchmarks.bulk_updates.cases import WAITING, Case, case_named  # noqa: E402
from benchmarks.bulk_updates.post_by_post import save_post_by_post  # noqa: E402
from booru.models import BulkUpdateRequest, Level, Post, PostVersion, Tag, User  # noqa: E402
from booru.posts.editing.editor import PostEditor  # noqa: E402
from booru.posts.search import PostSearch  # noqa: E402
from booru.posts.tag_edits.tag_edit import TagEdit  # noqa: E402
from jobs.bulk_update_requests import ProcessBulkUpdateRequestJob  # noqa: E402

Answer = dict[str, Any]
# A page of posts.
_PAGE = 20
# An edit beside a bulk update is of one of the posts that it is about to edit.
_AHEAD = 500


def fill(posts: str, seed: str, tag_file: str) -> Answer:
    fill_board(int(posts), int(seed), Path(tag_file) if tag_file else None)
    with connection.cursor() as cursor:
        cursor.execute("SELECT avg(tag_count), pg_total_relation_size('posts') FROM posts")
        tags, size = cursor.fetchone()
    return {"tags_per_post": round(float(tags), 1), "bytes": size}


def one_by_one(name: str, number: str) -> Answer:
    """Save the last so many posts of a case, one after the other."""
    case = case_named(name)
    ids = list(_posts_of(case).order_by("-id").values_list("id", flat=True)[: int(number)])
    started = time.monotonic()
    save_post_by_post(ids, case.added, case.removed)
    return {"posts": len(ids), "seconds": time.monotonic() - started}


def apply(name: str) -> Answer:
    """Request, approve and carry out the case's script; the last of these is measured."""
    case = case_named(name)
    admin = User.objects.system()
    bur = BulkUpdateRequest.objects.request(user=admin, script=case.script, title="Benchmark", reason="speed")
    bur.approve(admin)
    posts, wal, started = _posts_of(case).count(), _wal(), time.monotonic()
    ProcessBulkUpdateRequestJob.call(bur)
    seconds = time.monotonic() - started
    return {
        "posts": posts,
        "seconds": seconds,
        "wal": (_wal() - wal) / posts,
        "peak_mib": _peak_mib(),
    }


def edit_beside(is_busy: str) -> Answer:
    """Edit posts of the waiting case until a line comes in; milliseconds that each edit took.

    While the case is being carried out, they are posts that its batches hold now or next.
    """
    editor = PostEditor(User.objects.create_user(f"passer_by_{is_busy}", level=Level.BUILDER))
    ids = list(_posts_of(WAITING).order_by("id").values_list("id", flat=True))
    print("ready", flush=True)
    waits = []
    while not select.select([sys.stdin], [], [], 0)[0]:
        reached = _last_edited() if int(is_busy) else 0
        ahead = ids[_place(ids, reached) :][:_AHEAD] or ids[-_AHEAD:]
        post = Post(pk=random.choice(ahead))
        started = time.monotonic()
        editor.edit_post(post, TagEdit.parse(f"passer_by_{len(waits) % 7}"))
        waits.append((time.monotonic() - started) * 1000)
        time.sleep(0.005)
    return {"waits": waits}


def search(seed: str) -> Answer:
    """Milliseconds that the first page of one- and two-tag searches takes, for tags of every frequency."""
    chosen = random.Random(int(seed))
    names = list(Tag.objects.filter(post_count__gt=0).order_by("-post_count").values_list("name", flat=True))
    one_tag = [[names[min(2**place, len(names)) - 1]] for place in range(16)] * 3
    # One of the most used with any other.
    two_tags = [
        [names[chosen.randrange(30)], names[int(len(names) ** chosen.random()) - 1]] for _ in range(48)
    ]
    _first_page(names[:1])
    return {
        "one_tag": [_first_page(tags) for tags in one_tag],
        "two_tags": [_first_page(tags) for tags in two_tags],
    }


def _first_page(tags: list[str]) -> float:
    started = time.monotonic()
    list(PostSearch(" ".join(tags)).ordered()[:_PAGE])
    return (time.monotonic() - started) * 1000


def _posts_of(case: Case) -> QuerySet[Post]:
    return Post.objects.tagged(*case.tags)


def _last_edited() -> int:
    versions = PostVersion.objects.filter(bulk_update_request=BulkUpdateRequest.objects.latest("id"))
    return versions.aggregate(last=Max("post_id"))["last"] or 0


def _place(ids: list[int], reached: int) -> int:
    return next((place for place, post_id in enumerate(ids) if post_id > reached), len(ids))


def _wal() -> int:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_current_wal_insert_lsn() - '0/0'")
        return int(cursor.fetchone()[0])


def _peak_mib() -> float:
    """The most memory that this process ever had; ru_maxrss can be its parent's."""
    try:
        lines = Path("/proc/self/status").read_text().splitlines()
    except OSError:
        return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    return next(int(line.split()[1]) for line in lines if line.startswith("VmHWM")) / 1024


STEPS = {step.__name__: step for step in (fill, one_by_one, apply, edit_beside, search)}

if __name__ == "__main__":
    print(json.dumps(STEPS[sys.argv[1]](*sys.argv[2:])), flush=True)
