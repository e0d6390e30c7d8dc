import re
from datetime import timedelta

import pytest

from booru.models import ApiKey, UserEvent
from tests.support.factories import UserFactory

Category = UserEvent.Category

pytestmark = pytest.mark.django_db


def fields(**values):
    return {f"api_key[{name}]": value for name, value in values.items()}


def make(client, **values):
    return client.post("/api_keys", fields(**values))


def categories(user):
    return list(user.events.order_by("pk").values_list("category", flat=True))


def test_a_new_key_is_shown_once(browser, member):
    client = browser(member)
    assert client.get("/api_keys/new").status_code == 200
    response = make(client, name="my script")
    key = re.search(r"<dt>Key</dt><dd><code>([^<]+)</code>", response.content.decode())[1]
    assert ApiKey.objects.authenticate(member.name, key).user == member
    assert "no-store" in response["Cache-Control"]
    page = client.get("/api_keys").content.decode()
    assert "my script" in page
    assert key not in page
    assert ApiKey.objects.get().key not in page
    assert categories(member) == [Category.API_KEY_CREATE]


def test_permissions_of_before_are_shown_by_the_names_of_today(browser, member):
    api_key, _ = ApiKey.objects.make(member, permissions=["jobs.job:show", "gone:index"])
    client = browser(member)
    assert "gone:index, jobs:show" in client.get("/api_keys").content.decode()
    (record,) = client.get("/api_keys.json").json()
    assert record["permissions"] == ["gone:index", "jobs:show"]
    api_key.refresh_from_db()
    assert api_key.permissions == ["gone:index", "jobs.job:show"]


def test_programs_get_it_too(browser, member):
    client = browser(member)
    body = {"api_key": {"name": "x", "permissions": ["posts:index"], "permitted_ip_addresses": "10.0.0.0/8"}}
    response = client.post("/api_keys.json", body, "application/json")
    assert response.status_code == 201
    made = response.json()
    assert ApiKey.objects.authenticate(member.name, made.pop("key")).pk == made["id"]
    [listed] = client.get("/api_keys.json").json()
    assert listed == made
    assert (listed["permissions"], listed["permitted_ip_addresses"]) == (["posts:index"], ["10.0.0.0/8"])
    assert "key" not in listed


def test_permissions_are_ticked(browser, member):
    client = browser(member)
    assert 'value="posts:index"' in client.get("/api_keys/new").content.decode()
    make(
        client,
        permissions=["", "posts:index", "posts:show"],
        permitted_ip_addresses="10.0.0.1\r\n10.1.0.0/16",
    )
    api_key = ApiKey.objects.get()
    assert api_key.permissions == ["posts:index", "posts:show"]
    assert api_key.permitted_ip_addresses == ["10.0.0.1", "10.1.0.0/16"]
    page = client.get(f"/api_keys/{api_key.pk}/edit").content.decode()
    ticked = re.findall(r'<input[^>]*value="([^"]+)"[^>]* checked', page)
    assert ticked == ["posts:index", "posts:show"]
    assert "10.0.0.1\n10.1.0.0/16" in page


def test_a_key_with_permissions_of_earlier_versions_keeps_them_and_gets_no_more(browser, member):
    earlier = ["gone:index", "tag_relationships:show"]
    api_key, _ = ApiKey.objects.make(member, permissions=earlier)
    client = browser(member)
    page = client.get(f"/api_keys/{api_key.pk}/edit").content.decode()
    ticked = re.findall(r'<input[^>]*value="([^"]+)"[^>]* checked', page)
    assert ticked == ["gone:index", "tag_aliases:show", "tag_implications:show"]
    path, form = f"/api_keys/{api_key.pk}", {"_method": "put", "api_key[permissions][]": ["", *ticked]}
    refused = client.post(path, {**form, **fields(permitted_ip_addresses="nonsense")}).content.decode()
    assert re.findall(r'<input[^>]*value="([^"]+)"[^>]* checked', refused) == ticked
    assert client.post(path, form).status_code == 302
    api_key.refresh_from_db()
    assert api_key.permissions == ticked
    assert make(client, permissions=["gone:index"]).status_code == 200, "refused: there is none"
    assert ApiKey.objects.count() == 1


def test_a_key_is_changed(browser, member):
    api_key, _ = ApiKey.objects.make(member, name="a", permissions=["posts:index"], addresses=["10.0.0.1"])
    path = f"/api_keys/{api_key.pk}"
    client = browser(member)
    assert client.post(path, {"_method": "put", **fields(name="b")})["Location"] == "/api_keys"
    api_key.refresh_from_db()
    assert (api_key.name, api_key.permissions) == ("b", ["posts:index"])
    body = {"api_key": {"permissions": [], "permitted_ip_addresses": []}}
    assert client.put(f"{path}.json", body, "application/json").status_code == 204
    client.post(path, {"_method": "put", "api_key[permissions][]": ["", "tags:index"]})
    api_key.refresh_from_db()
    assert (api_key.permissions, api_key.permitted_ip_addresses) == (["tags:index"], [])
    client.post(path, {"_method": "put", **fields(permissions="")})
    api_key.refresh_from_db()
    assert api_key.permissions == []
    assert set(categories(member)) == {Category.API_KEY_UPDATE}


def test_a_key_is_deleted(browser, member):
    api_key, key = ApiKey.objects.make(member)
    browser(member).post(f"/api_keys/{api_key.pk}", {"_method": "delete"})
    assert ApiKey.objects.authenticate(member.name, key) is None
    assert categories(member) == [Category.API_KEY_DELETE]


@pytest.mark.parametrize(
    ("values", "message"),
    [
        ({"name": "x" * 101}, "Name is too long (maximum is 100 characters)"),
        ({"permissions": "posts:nonsense"}, "Permissions can&#x27;t include"),
        ({"permissions": ["posts:index", "<b>"]}, "&lt;b&gt;"),
        ({"permitted_ip_addresses": "localhost"}, "Permitted IP addresses can&#x27;t include"),
    ],
)
def test_what_is_wrong_is_told_and_nothing_is_lost(browser, member, values, message):
    given = {
        "name": "my script",
        "permissions": ["tags:index"],
        "permitted_ip_addresses": "10.0.0.1",
        **values,
    }
    page = make(browser(member), **given).content.decode()
    assert message in page
    if "name" not in values:
        assert 'value="my script"' in page
    if "permissions" not in values:
        assert re.search(r'value="tags:index"[^>]* checked', page)
    assert not ApiKey.objects.exists()
    assert not member.events.exists()


def test_twenty_are_enough(browser, member):
    for _ in range(20):
        ApiKey.objects.make(member)
    page = make(browser(member)).content.decode()
    assert "You can&#x27;t have more than 20 API keys." in page
    response = browser(member).post("/api_keys.json", {}, "application/json")
    assert response.json() == {"errors": {"base": ["You can't have more than 20 API keys."]}}


def test_nobody_sees_or_changes_anothers(browser, admin, member):
    api_key, _ = ApiKey.objects.make(UserFactory(), name="not yours")
    for client in (browser(), browser(admin), browser(member)):
        assert client.get(f"/api_keys/{api_key.pk}/edit").status_code == 403
        for method in ("put", "delete"):
            response = client.post(f"/api_keys/{api_key.pk}", {"_method": method, **fields(name="mine")})
            assert response.status_code == 403
    assert "not yours" not in browser(admin).get("/api_keys").content.decode()
    assert browser(admin).get("/api_keys.json").json() == []
    assert browser().get("/api_keys").status_code == 403
    assert ApiKey.objects.get().name == "not yours"


def test_the_password_must_have_been_entered_lately(browser, member):
    api_key, _ = ApiKey.objects.make(member)
    client = browser(member, authenticated=timedelta(hours=2))
    for path in ("/api_keys", "/api_keys/new", f"/api_keys/{api_key.pk}/edit"):
        assert client.get(path)["Location"] == f"/session/confirm_password?url={path}"
    assert make(client)["Location"].startswith("/session/confirm_password")
    for method in ("put", "delete"):
        client.post(f"/api_keys/{api_key.pk}", {"_method": method, **fields(name="x")})
    assert [one.name for one in ApiKey.objects.all()] == [""]


def test_bad_input_is_refused(browser, member):
    client = browser(member)
    for permissions in ([["a"]], [{"a": 1}], {"a": 1}, ["\ud800"], ["a\0"]):
        body = {"api_key": {"permissions": permissions}}
        assert client.post("/api_keys.json", body, "application/json").status_code == 400
    for permissions in ([1, None, True], "x" * 100_000, ["y"] * 10_000, 5):
        body = {"api_key": {"permissions": permissions}}
        assert client.post("/api_keys.json", body, "application/json").status_code == 422
    assert client.post("/api_keys.json", {"api_key": {"user_id": 1}}, "application/json").status_code == 403
    for method in ("put", "delete"):
        assert client.post("/api_keys/0", {"_method": method}).status_code == 404
