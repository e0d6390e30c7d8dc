"""Where the classes and functions are now that rows call by an earlier dotted path."""

from __future__ import annotations

from jobs.engine import conf

# What the engine itself enqueues and has moved since; a project's own are in JOBS_MOVED.
_OWN: dict[str, str] = {
    "jobs.engine.aftercare.DiscardHookJob": "jobs.engine.afterwards.hooks.DiscardHookJob",
    "jobs.engine.aftercare.LostTaskJob": "jobs.engine.afterwards.hooks.LostTaskJob",
    "jobs.engine.aftercare.TaskHookJob": "jobs.engine.afterwards.hooks.TaskHookJob",
    "jobs.engine.alerts.AdminAlertJob": "jobs.engine.afterwards.alerts.AdminAlertJob",
    "jobs.engine.shifts.work": "jobs.engine.worker.shifts.work",
}


def current_path(path: str) -> str:
    """The path that the class or function has today."""
    moved = _moved()
    seen = {path}
    while (path := moved.get(path, path)) not in seen:
        seen.add(path)
    return path


def all_paths(path: str) -> list[str]:
    """The paths by which rows may call what is at this one today, itself first."""
    return [path, *sorted(old for old in _moved() if old != path and current_path(old) == path)]


def _moved() -> dict[str, str]:
    return {**_OWN, **conf.moved()}
