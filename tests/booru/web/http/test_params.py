import json

import pytest
from django.test import RequestFactory

from booru.web.http.errors import AccessDenied, BadRequest
from booru.web.http.params import permitted

NAMES = ("title", "body")


def post_json(body):
    text = body if isinstance(body, str | bytes) else json.dumps(body)
    return RequestFactory().post("/dmails.json", text, content_type="application/json")


def test_fields_are_read_under_their_root_or_plain():
    request = RequestFactory().post("/dmails", {"dmail[title]": "a", "body": "b", "other": "c"})
    assert permitted(request, "dmail", NAMES) == {"title": "a", "body": "b"}


def test_a_field_that_is_not_permitted_is_refused_and_not_dropped():
    request = RequestFactory().post("/dmails", {"dmail[owner_id]": "1"})
    with pytest.raises(AccessDenied):
        permitted(request, "dmail", NAMES)


def test_a_put_may_carry_a_form():
    request = RequestFactory().put(
        "/dmails/1", "dmail[title]=a%20b", content_type="application/x-www-form-urlencoded"
    )
    assert permitted(request, "dmail", NAMES) == {"title": "a b"}


def test_json_may_be_nested_or_flat():
    assert permitted(post_json({"dmail": {"title": "a"}, "body": "b"}), "dmail", NAMES) == {
        "title": "a",
        "body": "b",
    }


def test_json_numbers_truths_and_nulls_become_text():
    request = post_json({"dmail": {"title": 5, "body": None}})
    assert permitted(request, "dmail", NAMES) == {"title": "5", "body": ""}
    assert permitted(post_json({"title": True}), "dmail", NAMES) == {"title": "true"}


@pytest.mark.parametrize(
    "body",
    [
        "{",
        b"\xff",
        "[1]",
        '"text"',
        "[" * 100_000,
        {"dmail": 5},
        {"dmail": {"title": ["a"]}},
        {"dmail": {"title": {"a": 1}}},
        {"dmail": {"title": "a\0b"}},
        '{"dmail": {"title": "\\ud800"}}',
    ],
)
def test_json_of_the_wrong_kind_is_a_bad_request(body):
    with pytest.raises(BadRequest):
        permitted(post_json(body), "dmail", NAMES)


def test_nul_in_a_form_is_a_bad_request():
    with pytest.raises(BadRequest):
        permitted(RequestFactory().post("/dmails", {"dmail[title]": "a\0"}), "dmail", NAMES)


def test_the_words_of_a_list_may_come_one_by_one():
    lists = {"names": ("title", "body"), "lists": ("title",)}
    for key in ("dmail[title]", "dmail[title][]", "title", "title[]"):
        request = RequestFactory().post("/dmails", {key: ["a", "b c"]})
        expected = {} if key == "title[]" else {"title": "a b c"}
        assert permitted(request, "dmail", **lists) == expected, key
    assert permitted(post_json({"dmail": {"title": ["a", 5, None]}}), "dmail", **lists) == {"title": "a 5 "}
    assert permitted(post_json({"dmail": {"title": "a b"}}), "dmail", **lists) == {"title": "a b"}
    with pytest.raises(BadRequest):
        permitted(post_json({"dmail": {"title": [["a"]]}}), "dmail", **lists)
    with pytest.raises(BadRequest):
        permitted(post_json({"dmail": {"body": ["a"]}}), "dmail", **lists)
