import pytest
from django.test import RequestFactory

from booru.web.lists.search import search_params


def test_blank_fields_are_left_out_of_the_address(browser, db):
    response = browser().get("/tags?search[name_matches]=&search[order]=name&search[category]=+")
    assert response.status_code == 302
    assert response["Location"] == "/tags?search%5Border%5D=name"
    assert browser().get("/users.json?search[name_matches]=")["Location"] == "/users.json"
    assert browser().get("/tags?search[a][b]=&search[c][]=")["Location"] == "/tags"


@pytest.mark.parametrize("query", ["search[a]=1", "search[a]=0&search[b]= &x=1&search[=2&search[A]=3"])
def test_search_params_are_what_was_filled_in(query):
    params = search_params(RequestFactory().get("/?" + query))
    assert list(params) == ["a"]


def test_fields_may_lie_in_each_other_and_have_several_values():
    query = "search[a][b]=1&search[a][c][d]=2&search[x][]=3&search[x][]=4&search[y]=5&search[y]=6"
    params = search_params(RequestFactory().get("/?" + query))
    assert params == {"a.b": "1", "a.c.d": "2", "x": "3\n4", "y": "6"}


def test_they_lie_ten_deep_and_no_deeper():
    ten = "search" + "[a]" * 10
    params = search_params(RequestFactory().get(f"/?{ten}=1&{ten}[a]=2"))
    assert params == {".".join("a" * 10): "1"}
