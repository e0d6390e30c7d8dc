"""The files of SQL: what is in them is used, can be run, and is what is installed."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import psycopg
import pytest
from django.db import connection

import jobs.engine
from jobs.engine.models import BackgroundJob
from jobs.engine.sql import statement, statements
from jobs.engine.sql.prepared import numbered

ENGINE = Path(jobs.engine.__file__).parent
FILES = sorted(ENGINE.glob("sql/*.sql"))
RUN = [path.stem for path in FILES if path.stem != "functions"]
EACH = [(file, name) for file in RUN for name in statements(file)]
CLAIMS = ("from_any_lane", "from_one_lane", "from_lanes", "of_one_class")
# What PostgreSQL cannot prepare.
UTILITIES = ("COPY", "LISTEN", "UNLISTEN", "SET")
SQL = re.compile(r"\s*(SELECT|INSERT INTO|UPDATE|DELETE FROM|WITH|COPY|LISTEN|UNLISTEN|SET|RESET)\s+[\w{]")
# Asks a pool, over a channel of its own, whose name cannot be a parameter.
IN_PYTHON = {"connections/pooling.py"}
INSTALLED = """
    SELECT proname, pg_get_functiondef(oid) FROM pg_proc
    WHERE pronamespace = 'public'::regnamespace AND starts_with(proname, 'background_job')
    UNION ALL
    SELECT tgname, pg_get_triggerdef(pg_trigger.oid) FROM pg_trigger
    WHERE NOT tgisinternal AND starts_with(tgrelid::regclass::text, 'background_job')
"""


def modules():
    return [path for path in ENGINE.rglob("*.py") if "migrations" not in path.parts]


def texts(module):
    """Each string in the code, in one piece where it is put together; docstrings are none."""
    tree = ast.parse(module.read_text(encoding="utf-8"))
    said = {id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Expr)}
    for node in ast.walk(tree):
        if isinstance(node, ast.JoinedStr):
            yield "".join(str(getattr(part, "value", "x")) for part in node.values)
        elif isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in said:
            yield node.value


def asked_for():
    for module in modules():
        for node in ast.walk(ast.parse(module.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and getattr(node.func, "id", "") == "statement":
                yield tuple(ast.literal_eval(argument) for argument in node.args)


def in_one_line(text):
    return " ".join(text.split())


def test_every_statement_is_used_and_what_is_used_is_there():
    assert sorted(set(asked_for())) == sorted(EACH)


def test_no_statement_is_put_together_in_the_code():
    for module in modules():
        path = str(module.relative_to(ENGINE))
        assert "S608" not in module.read_text(encoding="utf-8"), path
        assert path in IN_PYTHON or not [text for text in texts(module) if SQL.match(text)], path


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_every_statement_says_in_a_sentence_what_it_does(path):
    text = path.read_text(encoding="utf-8")
    named = re.findall(r"^-- name: \w+\n((?:-- .*\n)*)", text, re.MULTILINE)
    assert len(named) == text.count("-- name:")
    assert all(words.rstrip().endswith(".") for words in named)
    assert max(map(len, text.splitlines())) <= 110


@pytest.mark.django_db
@pytest.mark.parametrize(("file", "name"), EACH)
def test_every_statement_can_be_run(file, name):
    """By the server, which finds the type of each parameter in the statement itself."""
    sql = statement(file, name)
    text, _ = numbered(sql)
    connection.ensure_connection()
    with psycopg.RawCursor(connection.connection) as cursor:
        if not sql.startswith(UTILITIES):
            cursor.execute(b"PREPARE tried AS " + text)
            cursor.execute("DEALLOCATE tried")
        elif sql.startswith("COPY"):
            with cursor.copy(text):
                pass
        else:
            cursor.execute(text)


def test_what_a_claim_returns_is_a_whole_row():
    """In the order of the model's fields; a new field is named in each claim."""
    columns = [field.column for field in BackgroundJob._meta.concrete_fields]
    for name in CLAIMS:
        returned = re.findall(r"RETURNING (job\.id,.*?)\n\)", statement("claim", name), re.DOTALL)
        assert [re.findall(r"job\.(\w+)", part) for part in returned] == [columns], name


@pytest.mark.parametrize(
    "part", ["lane", "finished", "claimed", r"candidate AS MATERIALIZED \(\n    SELECT [^;]*? AS is_free$"]
)
def test_what_is_written_out_more_than_once_is_the_same(part):
    pattern = part if "\\" in part else rf"\b{part} AS \(\n.*?^\)"
    every = [text for file in RUN for text in statements(file).values()]
    found = [hit for text in every for hit in re.findall(pattern, text, re.DOTALL | re.MULTILINE)]
    assert len(found) >= len(CLAIMS)
    assert len(set(found)) == 1


def test_what_goes_before_a_job_is_the_same_in_each_statement_that_asks():
    asking = [("holds", "claim"), ("holds", "hold_behind"), ("insight", "in_the_way")]
    pattern = re.compile(r"earlier\.lock_keys && %\(keys\)s.*?statement_timestamp\(\)\)\)\)?")
    found = {pattern.search(in_one_line(statement(*each))).group() for each in asking}
    assert len(found) == 1


@pytest.mark.django_db
def test_the_functions_and_triggers_are_those_of_the_file():
    with connection.cursor() as cursor:
        cursor.execute(INSTALLED)
        installed = {name: in_one_line(text) for name, text in cursor.fetchall()}
        for text in statements("functions").values():
            cursor.execute(text)
        cursor.execute(INSTALLED)
        written = {name: in_one_line(text) for name, text in cursor.fetchall()}
    assert set(statements("functions")) == set(installed)
    assert installed == written
