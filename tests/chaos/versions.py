"""Jobs of later versions: `Version3NoteJob` is known to the workers that run with CHAOS_VERSION=3 or more."""

import os

from tests.support.sample_jobs import NoteJob


def job_of(version: int) -> type[NoteJob]:
    """The job that came with that version."""
    return type(f"Version{version}NoteJob", (NoteJob,), {"__module__": __name__})


def __getattr__(name: str) -> type[NoteJob]:
    number = name.removeprefix("Version").removesuffix("NoteJob")
    if not number.isdecimal() or int(number) > int(os.environ.get("CHAOS_VERSION", "0")):
        raise AttributeError(name)
    return job_of(int(number))
