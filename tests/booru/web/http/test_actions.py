from django.http import HttpResponse
from django.test import RequestFactory

from booru.web.http.actions import actions


def answer(text):
    return lambda request: HttpResponse(text)


view = actions(GET=answer("get"), PUT=answer("put"), DELETE=answer("delete"))


def test_each_method_has_its_function():
    factory = RequestFactory()
    assert view(factory.get("/")).content == b"get"
    assert view(factory.head("/")).content == b"get"
    assert view(factory.put("/")).content == b"put"
    assert view(factory.patch("/")).content == b"put"


def test_a_form_may_name_its_method():
    assert view(RequestFactory().post("/", {"_method": "delete"})).content == b"delete"


def test_a_get_may_not_name_another_method():
    assert view(RequestFactory().get("/", {"_method": "delete"})).content == b"get"


def test_other_methods_are_not_allowed():
    response = view(RequestFactory().post("/"))
    assert response.status_code == 405
    assert response["Allow"] == "DELETE, GET, PUT"
