import io
import json
import logging
import logging.config

import pytest
from django.conf import settings
from django.test import RequestFactory

from jobs.engine.context import RequestContext, use_context

TOKEN = "MTIz~abc-DEF"


@pytest.fixture(params=["text", "json"])
def log(request):
    """A logger that writes as the settings say, and a function that tells what it wrote."""
    output = io.StringIO()
    console = {**settings.LOGGING["handlers"]["console"], "formatter": request.param, "stream": output}
    parts = {name: settings.LOGGING[name] for name in ("filters", "formatters")}
    # A logger of its own: the others stay as they are.
    logger = {"handlers": ["console"], "level": "INFO", "propagate": False}
    logging.config.dictConfig(
        {
            "version": 1,
            "disable_existing_loggers": False,
            "incremental": False,
            **parts,
            "handlers": {"console": console},
            "loggers": {"tests.logs": logger},
        }
    )
    yield logging.getLogger("tests.logs"), output.getvalue
    logging.getLogger("tests.logs").handlers.clear()


def test_a_token_in_an_address_is_not_logged(log):
    logger, written = log
    logger.info('"%s" %s', f"GET /login?signed_login_event={TOKEN}&page=visible HTTP/1.1", 200)
    assert TOKEN not in written()
    assert "signed_login_event=[FILTERED]&page=visible HTTP/1.1" in written()


def test_the_request_of_a_record_is_not_logged(log):
    logger, written = log
    request = RequestFactory().get("/login", {"signed_login_event": TOKEN})
    logger.warning("Forbidden: %s", request.path, extra={"request": request, "status_code": 403})
    logger.warning("Odd: %r", request)
    assert "Forbidden: /login" in written()
    assert TOKEN not in written()
    assert "MTIz" not in written()


def test_what_has_no_secret_stays_as_it_is(log):
    logger, written = log
    logger.info("Delivering email to %s", "a@example.com")
    logger.info("100% of a=b and ?page=3")
    lines = written().splitlines()
    if lines[0].startswith("{"):
        lines = [json.loads(line)["message"] for line in lines]
    assert lines[0].endswith("Delivering email to a@example.com")
    assert lines[1].endswith("100% of a=b and ?page=3")


def test_a_record_that_makes_no_sense_breaks_nothing(log, monkeypatch):
    monkeypatch.setattr(logging, "raiseExceptions", False)
    logger, written = log
    logger.info(*("%d %d", "x"))
    logger.info("after it")
    assert "after it" in written()


def test_both_ids_of_a_request_are_logged(log):
    logger, written = log
    with use_context(RequestContext(request_id="ours", client_request_id="theirs")):
        logger.info("hello")
    logger.info("goodbye")
    first, second = written().splitlines()
    assert "ours" in first
    assert "theirs" in first
    assert "theirs" not in second
