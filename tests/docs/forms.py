"""How each command that the docs name is tried: as it stands, or in its quickest form.

A command that is not here is typed as it stands, and must end with 0. Words in CAPITALS stand for what
`Trial.fill_in` puts there.
"""

from __future__ import annotations

from dataclasses import dataclass, replace


@dataclass(frozen=True)
class Form:
    """What is typed in place of a documented command."""

    line: str = ""
    # The exit code that is right here.
    code: int = 0
    # A server, started with `exec`: what must succeed while it runs; SIGTERM then ends it.
    until: str = ""
    # On a terminal, where these keys are pressed.
    keys: str = ""
    # Not typed, for this reason.
    why_not: str = ""


_A_STEP_OF_CI = "a step of .ci/run, which is shown by test_ci_runs_the_checks_that_are_not_tried_here"
_WORKERS = "python manage.py jobs status"
_SITE = "curl --silent --fail --output /dev/null http://localhost:PORT/login"

FORMS = {
    "bin/demo": Form("bin/demo --once --posts 300 --port PORT"),
    "bin/test": Form("bin/test tests/booru/rules/test_text.py"),
    "bin/test tests/jobs -k retry": Form("bin/test tests/jobs/engine/test_retry.py -k retry"),
    'bin/test -m "not acceptance and not chaos"': Form(
        'bin/test -m "not acceptance and not chaos" tests/booru/rules/test_text.py'
    ),
    "bin/test tests/docs -k WORD": Form("bin/test tests/docs -k commands_are_found"),
    ".ci/run": Form(why_not="this is run by it"),
    "ruff check . && ruff format --check .": Form(why_not=_A_STEP_OF_CI),
    "mypy": Form(why_not=_A_STEP_OF_CI),
    "lint-imports": Form(why_not=_A_STEP_OF_CI),
    "find templates jobs/engine/templates -name '*.html' -exec djade --check --target-version 5.2 {} +": Form(
        why_not=_A_STEP_OF_CI
    ),
    '.venv/bin/pip install -e ".[bench]"': Form(why_not="tries the network; bin/test installs the same way"),
    'pip install -e ".[site]"': Form(why_not="tries the network; bin/test installs the same way"),
    "python manage.py seed": Form("python manage.py seed --posts 300"),
    "python manage.py import_tags FILE": Form("python manage.py import_tags TAG_FILE"),
    "python manage.py seed --tags FILE --posts 50000": Form(
        "python manage.py seed --tags TAG_FILE --posts 400"
    ),
    ".venv/bin/python manage.py shell": Form(
        "echo 'print(User.objects.count())' | .venv/bin/python manage.py shell"
    ),
    "python manage.py qcluster": Form("exec python manage.py qcluster", until=_WORKERS),
    "manage.py qcluster": Form("exec python manage.py qcluster", until=_WORKERS),
    "DANBOORU_MAIL_DELIVERY_URL=console: python manage.py qcluster": Form(
        "exec env DANBOORU_MAIL_DELIVERY_URL=console: python manage.py qcluster", until=_WORKERS
    ),
    "python manage.py runserver": Form("exec python manage.py runserver PORT", until=_SITE),
    "DEBUG=1 python manage.py runserver": Form(
        "exec env DEBUG=1 python manage.py runserver PORT",
        until="curl --silent --fail --output /dev/null http://localhost:PORT/mail_previews",
    ),
    "curl -u NAME:KEY http://localhost:8000/dmails.json": Form(
        "exec env JOBS_MODE=async python manage.py runserver PORT",
        until="curl --silent --fail -u API_KEY http://localhost:PORT/dmails.json",
    ),
    "gunicorn booru.wsgi": Form(
        "exec gunicorn booru.wsgi --bind 127.0.0.1:PORT",
        until="curl --silent --fail --output /dev/null --header 'Host: booru.example' "
        "--header 'X-Forwarded-Proto: https' http://127.0.0.1:PORT/login",
    ),
    # Nobody works here, and that is what it says.
    "manage.py jobs status": Form(_WORKERS, code=1),
    "manage.py postgres run COMMAND": Form("python manage.py postgres run sh -c 'test -n \"$DATABASE_URL\"'"),
    "manage.py check --database default": Form(
        "python manage.py postgres run python manage.py check --database default"
    ),
    "manage.py qmonitor": Form("python manage.py qmonitor", keys="q"),
    ".venv/bin/python benchmarks/jobs.py": Form(
        ".venv/bin/python benchmarks/jobs.py --quick --only danbooru-jobs"
    ),
    "benchmarks/bulk_update.py": Form("benchmarks/bulk_update.py --posts 1000 --sample 5 --only alias"),
    "benchmarks/mail.py": Form("benchmarks/mail.py --quick"),
    "benchmarks/hostile.py": Form("benchmarks/hostile.py --quick"),
    "benchmarks/soak.py": Form("benchmarks/soak.py --quick"),
    "benchmarks/soak.py --one-by-one --read-only 130 --seed 1": Form(
        "benchmarks/soak.py --one-by-one --blows worker"
    ),
}


# What stands for something in the variables that a block exports.
_PLACEHOLDERS = {
    "postgres://user:password@host/database": "ADDRESS",
    "SECRET_KEY=...": "SECRET_KEY=SECRET",
    "smtps://...": "console:",
}


def form_of(command: str) -> Form:
    """The form of the command itself, behind the exports of its block, in which something real stands."""
    exports, separator, typed = command.rpartition("; ")
    form = FORMS.get(typed, Form())
    if form.why_not:
        return form
    if not form.line:
        line = f"python {typed}" if typed.startswith("manage.py ") else typed
        form = replace(form, line=line)
    for placeholder, real in _PLACEHOLDERS.items():
        exports = exports.replace(placeholder, real)
    return replace(form, line=f"{exports}{separator}{form.line}")
