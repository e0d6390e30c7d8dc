"""An admin looks at the jobs page."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from booru.demo.errors import StepFailed
from booru.demo.stage import duration
from booru.seeds.people import ADMIN

if TYPE_CHECKING:
    from booru.demo.stage import Stage

_HEAD = ("job", "status", "request", "queued for", "ran for")


def play(stage: Stage) -> None:
    if not stage.expected_jobs:
        raise StepFailed("nothing was asked for, so there is no job to look for")
    jobs, _ = stage.wait(lambda: _finished_jobs(stage), "the jobs page does not show both jobs as finished")
    stage.terminal.seen(f"{ADMIN} finds them at {stage.site}/jobs")
    stage.terminal.table([_HEAD, *map(_row, jobs)])
    if unlucky := [job["name"] for job in jobs if job["status"] != "succeeded"]:
        raise StepFailed(f"{', '.join(unlucky)} did not succeed")


def _finished_jobs(stage: Stage) -> list[dict[str, Any]] | None:
    """The jobs of the story's requests, the first one first, once all are there and finished."""
    jobs: list[dict[str, Any]] = stage.browser_of(ADMIN).get("/jobs.json").json()
    ours = [job for job in reversed(jobs) if _request_id(job) in stage.expected_jobs]
    found = {(_request_id(job), job["job_class"].rpartition(".")[2]) for job in ours}
    if found >= set(stage.expected_jobs.items()) and all(job["finished_at"] for job in ours):
        return ours
    return None


def _request_id(job: dict[str, Any]) -> str:
    return str((job["context"] or {}).get("request_id"))


def _row(job: dict[str, Any]) -> tuple[str, ...]:
    spans = (job["queue_latency"], job["runtime_latency"])
    return (job["name"], job["status"], _request_id(job), *(duration(span or 0) for span in spans))
