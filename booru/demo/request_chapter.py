"""A builder asks for aliases, an admin approves them, a worker changes the posts."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from booru.demo.errors import StepFailed
from booru.demo.stage import Stage, duration
from booru.models import Post, PostVersion
from booru.seeds.people import ADMIN, BUILDER

if TYPE_CHECKING:
    from booru.seeds.tag_source import OldName

_PATH = "/bulk_update_requests"


def play(stage: Stage, pairs: Sequence[OldName]) -> None:
    if not pairs:
        raise StepFailed("no alias is left to ask for: the tag file has too few that posts could use")
    before = _example(stage, pairs)
    number = _ask(stage, pairs)
    _look_ahead(stage, number)
    _approve(stage, number)
    record, seconds = stage.wait(
        lambda: _finished(stage, number), f"BUR #{number} was not applied", seconds=120
    )
    if record["status"] != "approved":
        raise StepFailed(f"BUR #{number} ended as {record['status']}; its job on /jobs tells why")
    changed = PostVersion.objects.filter(bulk_update_request_id=number).values("post").distinct().count()
    stage.terminal.seen(f"A worker applies it: {changed:,} posts changed, done {duration(seconds)} later")
    _show_change(stage, pairs, before)
    if left := [pair.old for pair in pairs if Post.objects.tagged(pair.old).exists()]:
        raise StepFailed(f"posts still have the old names {', '.join(left)}")


def _example(stage: Stage, pairs: Sequence[OldName]) -> dict[str, Any]:
    """A post that the request will change."""
    posts: list[dict[str, Any]] = stage.browser_of(ADMIN).get(f"/posts.json?tags={pairs[0].old}").json()
    if not posts:
        raise StepFailed(f"the search for {pairs[0].old} finds no post")
    return posts[0]


def _ask(stage: Stage, pairs: Sequence[OldName]) -> int:
    """The number of the new request."""
    lines = [f"create alias {pair.old} -> {pair.new}" for pair in pairs]
    script = "\n".join(lines)
    fields = {
        "bulk_update_request[title]": f"Old names: {pairs[0].old} and others",
        "bulk_update_request[script]": script,
        "bulk_update_request[reason]": "Posts still come in under these names.",
    }
    builder = stage.browser_of(BUILDER)
    builder.submit(f"{_PATH}/new", _PATH, fields)
    found = [bur["id"] for bur in builder.get(f"{_PATH}.json").json() if bur["script"] == script]
    if not found:
        raise StepFailed("the new request is not in the list")
    number = int(max(found))
    stage.terminal.seen(f"{BUILDER} asks for BUR #{number}, a script of {len(lines)} lines")
    return number


def _look_ahead(stage: Stage, number: int) -> None:
    """What each line would do."""
    plans: list[dict[str, Any]] = stage.browser_of(ADMIN).get(f"{_PATH}/{number}/dry_run.json").json()
    if any(plan["problem"] or not plan["posts"]["count"] for plan in plans):
        raise StepFailed(f"the dry run of BUR #{number} finds a line that would change no post")
    stage.terminal.seen(f"{ADMIN} sees what it would do; nothing is changed yet:")
    stage.terminal.pairs((plan["text"], f"{plan['posts']['count']:,} posts") for plan in plans)


def _approve(stage: Stage, number: int) -> None:
    answer = stage.browser_of(ADMIN).submit(f"{_PATH}/{number}", f"{_PATH}/{number}/approve")
    stage.expected_jobs[answer.request_id] = "ProcessBulkUpdateRequestJob"
    stage.terminal.seen(f"{ADMIN} approves it")
    stage.terminal.detail(f"POST {_PATH}/{number}/approve is request {answer.request_id}")


def _finished(stage: Stage, number: int) -> dict[str, Any] | None:
    record: dict[str, Any] = stage.browser_of(ADMIN).get(f"{_PATH}/{number}.json").json()
    return None if record["status"] in {"pending", "processing"} else record


def _show_change(stage: Stage, pairs: Sequence[OldName], before: dict[str, Any]) -> None:
    after = stage.browser_of(ADMIN).get(f"/posts/{before['id']}.json").json()
    old, new = (set(post["tag_string"].split()) for post in (before, after))
    stage.terminal.detail(f"For instance post #{before['id']}, {stage.site}/posts/{before['id']}")
    kept = " ".join(sorted(old & new)[:3])
    stage.terminal.pairs(
        [
            ("before", f"{' '.join(sorted(old - new))} {kept} ... ({len(old)} tags)"),
            ("after", f"{' '.join(sorted(new - old))} {kept} ... ({len(new)} tags)"),
        ]
    )
    if pairs[0].old in new or pairs[0].new not in new:
        raise StepFailed(f"post #{before['id']} was not changed")
