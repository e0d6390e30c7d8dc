"""No charset that a client names makes a request that nothing can answer."""

from io import BytesIO
from urllib.parse import quote
from wsgiref.util import setup_testing_defaults

import pytest

from booru.wsgi import application

STRANGE = [
    *("base64", "hex", "zlib", "undefined", "punycode", "idna", "nonsense", "\0", "utf-16", "utf-7"),
    *("unicode_escape", "raw_unicode_escape", "cp037", "latin-1"),
]
# What some of these take for half a surrogate pair.
TEXTS = {"name_matches": r"\ud800", "name": "+2AA-"}

# A request begins by looking at its connection, where an earlier test left one open.
pytestmark = pytest.mark.django_db


def answer(content_type, *, method="POST", query="", body=b""):
    """The status with which the server's own application answers; a test client has requests of its own."""
    environ = {
        "REQUEST_METHOD": method,
        "PATH_INFO": "/tags.json" if method == "GET" else "/nowhere.json",
        "QUERY_STRING": query,
        "CONTENT_TYPE": content_type,
        "CONTENT_LENGTH": str(len(body)),
        "HTTP_HOST": "localhost",
        "wsgi.input": BytesIO(body),
    }
    setup_testing_defaults(environ)
    statuses = []
    application(environ, lambda status, _headers: statuses.append(int(status[:3]))).close()
    return statuses[0]


@pytest.mark.parametrize("charset", STRANGE)
@pytest.mark.parametrize("kind", ["text/plain", "application/json", "multipart/form-data; boundary=x"])
def test_a_body_in_another_charset_is_refused(charset, kind):
    assert answer(f"{kind}; charset={charset}", query="a=%41", body=b"{}") == 400


@pytest.mark.django_db(transaction=True)
def test_an_address_is_read_as_utf_8():
    query = "&".join(f"search[{name}]={quote(text)}" for name, text in TEXTS.items())
    answers = {
        charset: answer(f"text/plain; charset={charset}", method="GET", query=query) for charset in STRANGE
    }
    assert set(answers.values()) == {200}, answers


@pytest.mark.parametrize("parameter", ["charset*=nonsense''%41", "boundary*=nonsense''x", "a*=nonsense''x"])
def test_a_content_type_that_makes_no_sense_is_refused(parameter):
    assert answer(f"text/plain; {parameter}", body=b"{}") == 400


@pytest.mark.parametrize("charset", ["utf-8", "UTF-8", '"utf-8"', "us-ascii"])
def test_utf_8_is_read(charset):
    assert answer(f"application/json; charset={charset}", body=b"{}") == 404
