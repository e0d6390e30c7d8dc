"""Requests, their lines, previews and reverts as programs get them (behaviour N)."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING, Any

from booru.web.lists.records import columns

if TYPE_CHECKING:
    from booru.bulk_update.dry_run import LinePlan
    from booru.bulk_update.preview import ScriptPreview
    from booru.models import BulkUpdateRequest, BulkUpdateRequestLine, BulkUpdateRequestRevert

_BUR_COLUMNS = (
    *("id", "created_at", "updated_at", "user_id", "forum_topic_id", "forum_post_id", "approver_id"),
    *("script", "status", "tags"),
)
_LINE_COLUMNS = (
    *("number", "text", "status", "posts_done", "posts_total", "posts_changed", "posts_skipped", "skipped"),
    *("error", "started_at", "finished_at"),
)
_REVERT_COLUMNS = (
    *("status", "reverter_id", "posts_done", "posts_total", "posts_changed", "problem_count", "problems"),
    *("error", "started_at", "finished_at"),
)


def bulk_update_request_record(bur: BulkUpdateRequest) -> dict[str, Any]:
    return columns(bur, _BUR_COLUMNS)


def line_record(line: BulkUpdateRequestLine) -> dict[str, Any]:
    return columns(line, _LINE_COLUMNS)


def revert_record(revert: BulkUpdateRequestRevert) -> dict[str, Any]:
    return columns(revert, _REVERT_COLUMNS)


def preview_record(preview: ScriptPreview) -> dict[str, Any]:
    lines = [
        {"text": line.command.line, "dtext": line.command.dtext, "errors": line.errors}
        for line in preview.lines
    ]
    return {"valid": preview.is_valid, "errors": preview.errors, "lines": lines}


def line_plan_record(plan: LinePlan) -> dict[str, Any]:
    """`posts` is null when they were not counted in time."""
    return {
        "number": plan.number,
        "text": plan.command.line,
        "posts": {"count": plan.posts.number, "more": plan.posts.is_more} if plan.posts else None,
        "records": plan.records,
        "examples": [asdict(example) for example in plan.examples],
        "problem": plan.problem,
    }
