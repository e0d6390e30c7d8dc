import pytest
from django.test import RequestFactory

from booru.web.search import search_params


def test_blank_fields_are_left_out_of_the_address(browser, db):
    response = browser().get("/tags?search[name_matches]=&search[order]=name&search[category]=+")
    assert response.status_code == 302
    assert response["Location"] == "/tags?search%5Border%5D=name"
    assert browser().get("/users.json?search[name_matches]=")["Location"] == "/users.json"


@pytest.mark.parametrize("query", ["search[a]=1", "search[a]=0&search[b]= &x=1&search[=2&search[A]=3"])
def test_search_params_are_what_was_filled_in(query):
    params = search_params(RequestFactory().get("/?" + query))
    assert list(params) == ["a"]
