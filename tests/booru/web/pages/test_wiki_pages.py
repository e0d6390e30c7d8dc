from booru.models import Credit, WikiPage
from tests.support.tag_factories import make_tag, make_user, make_wiki_page


def fields(**values: str) -> dict[str, str]:
    return {f"wiki_page[{name}]": value for name, value in values.items()}


def test_a_page_is_written_and_changed(browser, member):
    client = browser(member)
    response = client.post(
        "/wiki_pages", fields(title="Hair Ribbon", other_names="リボン ruban", body="A [[ribbon]].")
    )
    page = WikiPage.objects.get()
    assert (response.status_code, response["Location"]) == (302, "/wiki_pages/hair_ribbon")
    assert (page.title, page.other_names, page.body) == ("hair_ribbon", ["リボン", "ruban"], "A [[ribbon]].")
    assert client.get(f"/wiki_pages/{page.pk}/edit").status_code == 200
    client.post("/wiki_pages/hair_ribbon", {"_method": "put", **fields(body="Another.")})
    page.refresh_from_db()
    assert (page.body, page.other_names) == ("Another.", ["リボン", "ruban"])
    assert page.versions.get().updater == member


def test_a_page_that_breaks_a_rule_is_shown_again_with_what_was_typed(browser, member):
    response = browser(member).post("/wiki_pages", fields(title="tag_", body="kept"))
    page = response.content.decode()
    assert response.status_code == 200
    assert "&#x27;tag_&#x27; cannot end with an underscore" in page
    assert "kept" in page
    assert not WikiPage.objects.exists()


def test_programs_write_pages_too(browser, member):
    client = browser(member)
    body = {"wiki_page": {"title": "cat", "body": "Meows."}}
    response = client.post("/wiki_pages.json", body, "application/json")
    assert response.status_code == 201
    assert response.json()["title"] == "cat"
    page_id = response.json()["id"]
    update = {"wiki_page": {"body": "Purrs."}}
    assert client.put(f"/wiki_pages/{page_id}.json", update, "application/json").status_code == 204
    assert client.get("/wiki_pages/cat.json").json()["body"] == "Purrs."
    refused = client.put("/wiki_pages/cat.json", {"wiki_page": {"body": ""}}, "application/json")
    assert (refused.status_code, refused.json()) == (422, {"errors": {"body": ["can't be blank"]}})
    assert client.get("/wiki_pages/nothing.json").status_code == 404


def test_a_title_of_digits_is_a_title_before_it_is_an_id(browser, db):
    first = make_wiki_page("cat")
    make_wiki_page(str(first.pk), "Words about a number.")
    assert browser().get(f"/wiki_pages/{first.pk}.json").json()["body"] == "Words about a number."


def test_a_member_may_not_lock_or_delete_a_page(browser, member, builder):
    page = make_wiki_page("cat")
    for name in ("is_locked", "is_deleted"):
        response = browser(member).post("/wiki_pages/cat", {"_method": "put", **fields(**{name: "true"})})
        assert response.status_code == 403
    client = browser(builder)
    client.post("/wiki_pages/cat", {"_method": "put", **fields(is_locked="true")})
    client.post("/wiki_pages/cat", {"_method": "delete"})
    page.refresh_from_db()
    assert (page.is_locked, page.is_deleted) == (True, True)
    assert "This page was deleted." in client.get("/wiki_pages/cat").content.decode()
    client.post("/wiki_pages/cat", {"_method": "put", **fields(is_deleted="false")})
    page.refresh_from_db()
    assert not page.is_deleted


def test_deleted_pages_are_listed_when_they_are_asked_for(browser, db):
    make_wiki_page("cat", other_names=["neko"])
    make_wiki_page("dog", "[[cat]]", is_deleted=True)

    def titles(**search: str) -> list[str]:
        query = {f"search[{name}]": value for name, value in search.items()}
        return [page["title"] for page in browser().get("/wiki_pages.json", query).json()]

    assert titles() == ["cat"]
    assert titles(is_deleted="any", order="title") == ["cat", "dog"]
    assert titles(is_deleted="true", linked_to="Cat") == ["dog"]
    assert titles(has_other_name="neko") == ["cat"]
    assert titles(title_matches="D*") == []


def test_the_history_tells_what_each_edit_changed(browser, db):
    page = WikiPage.objects.make(Credit(make_user()), title="cat", body="first\n\nsame")
    page.update(Credit(make_user()), body="second\n\nsame", other_names=["neko"])
    shown = browser().get(f"/wiki_page_versions?search[wiki_page_id]={page.pk}").content.decode()
    assert "<del>first</del>" in shown
    assert "<ins>second</ins>" in shown
    assert "<ins>neko</ins>" in shown
    assert shown.count("same") == 1
    versions = browser().get("/wiki_page_versions.json").json()
    assert [version["version"] for version in versions] == [2, 1]
    assert versions[0]["wiki_page_id"] == page.pk


def test_text_is_previewed_and_stays_harmless(browser, member):
    client = browser(member)
    text = fields(body="[b]bold[/b] <script>")
    part = client.post("/dtext_preview", {"_method": "put", **text}, headers={"hx-request": "true"})
    assert "<strong>bold</strong> &lt;script&gt;" in part.content.decode()
    assert "<html" not in part.content.decode()
    whole = client.post("/dtext_preview", text)
    assert "<strong>bold</strong>" in whole.content.decode()
    assert "<html" in whole.content.decode()


def test_a_tag_without_a_page_offers_to_write_one(browser, member):
    make_tag("solo")
    page = browser(member).get("/wiki_pages/solo").content.decode()
    assert "/wiki_pages/new?wiki_page%5Btitle%5D=solo" in page
    form = browser(member).get("/wiki_pages/new?wiki_page%5Btitle%5D=solo").content.decode()
    assert 'value="solo"' in form
