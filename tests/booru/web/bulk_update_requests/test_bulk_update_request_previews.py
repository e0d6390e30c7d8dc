"""Preview and dry run: a script is looked at, and nothing is saved."""

import pytest

from booru.models import BulkUpdateRequest, TagAlias
from booru.models.tags.tag import TagCategory
from tests.support import database_clock
from tests.support.tag_factories import make_post, make_request, make_tag

HTMX = {"HX-Request": "true"}
PREVIEW = "/bulk_update_requests/preview"


def form(script, **values):
    values = {"title": "Birds", "reason": "They sing", "script": script, **values}
    return {f"bulk_update_request[{name}]": value for name, value in values.items()}


@pytest.fixture
def client(browser, member):
    return browser(member)


def text(response):
    assert response.status_code == 200
    return response.content.decode()


def test_a_preview_shows_the_script_as_the_forum_would(client):
    make_tag("aaa", TagCategory.ARTIST)
    page = text(client.post(PREVIEW, form("alias aaa -> bbb"), headers=HTMX))
    assert '<a class="dtext-wiki-link tag-artist" href="/wiki_pages/aaa">aaa</a>' in page
    assert '<a class="dtext-wiki-link" href="/wiki_pages/bbb">bbb</a>' in page
    assert "<html" not in page
    assert not BulkUpdateRequest.objects.exists()
    assert not TagAlias.objects.exists()


def test_a_preview_tells_what_is_wrong_at_each_line(client):
    page = text(client.post(PREVIEW, form("alias x -> x\nalias a -> b\nmake it so"), headers=HTMX))
    lines = page.split("<li class=")[1:]
    assert ["Cannot alias or implicate a tag to itself" in line for line in lines] == [True, False, False]
    assert ["Invalid line: make it so" in line for line in lines] == [False, False, True]


def test_a_line_that_is_repeated_is_marked_where_it_is_repeated(client):
    page = text(client.post(PREVIEW, form("alias a -> b\nalias A -> b"), headers=HTMX))
    lines = page.split("<li class=")[1:]
    assert ["Duplicate line found" in line for line in lines] == [False, True]


@pytest.mark.parametrize(
    ("script", "problem"),
    [
        ("", "Script can&#x27;t be blank"),
        ("x" * 20_001, "Script is too long (maximum is 20000 characters)"),
        ("nuke a\n" * 101, "Bulk update request is too long (maximum size: 100 lines)"),
    ],
)
def test_a_preview_tells_what_is_wrong_with_the_whole(client, script, problem):
    assert problem in text(client.post(PREVIEW, form(script), headers=HTMX))


def test_without_javascript_the_form_comes_back_with_all_that_was_typed(client):
    make_post("aaa")
    page = text(client.post(PREVIEW, form("alias aaa -> bbb")))
    assert 'value="Birds"' in page
    assert "They sing</textarea>" in page
    assert "alias aaa -&gt; bbb</textarea>" in page
    assert "What it would do" in page
    assert 'hx-trigger="load"' not in page, "the dry run is there already"


def test_an_edit_is_previewed_in_its_form(browser, member):
    bur = make_request("alias a -> b", member)
    client = browser(member)
    fields = {"bulk_update_request[script]": "alias aaa -> ccc", "_method": "put"}
    page = text(client.post(f"/bulk_update_requests/{bur.pk}/preview", fields))
    assert f'action="/bulk_update_requests/{bur.pk}"' in page
    assert 'href="/wiki_pages/ccc"' in page
    bur.refresh_from_db()
    assert bur.script == "alias a -> b"


def test_programs_get_a_preview_too(client):
    body = {"bulk_update_request": {"script": "alias a -> b\nfoo"}}
    record = client.post(f"{PREVIEW}.json", body, "application/json").json()
    assert record == {
        "valid": False,
        "errors": [],
        "lines": [
            {"text": "alias a -> b", "dtext": "create alias [[a]] -> [[b]]", "errors": []},
            {"text": "foo", "dtext": "foo", "errors": ["Invalid line: foo"]},
        ],
    }


def test_the_dry_run_of_a_typed_script_leaves_out_lines_that_are_wrong(client):
    page = text(client.post("/bulk_update_requests/dry_run", form("alias a -> b\nmake it so"), headers=HTMX))
    assert "create alias" in page
    assert "make it so" not in page


def test_what_a_failed_request_did_is_left_out(client, admin):
    bur = make_request("alias a -> b\nalias c -> d")
    bur.approve(admin)
    bur.lines.filter(number=1).update(status="done")
    BulkUpdateRequest.objects.filter(pk=bur.pk).update(status="failed")
    path = f"/bulk_update_requests/{bur.pk}/dry_run"
    assert [plan["number"] for plan in client.get(f"{path}.json").json()] == [2]
    assert '<li class="script-line" value="2">' in text(client.get(path))


def test_the_page_of_a_request_asks_for_its_dry_run(client):
    bur = make_request("alias a -> b")
    path = f"/bulk_update_requests/{bur.pk}/dry_run"
    assert f'hx-get="{path}"' in text(client.get(f"/bulk_update_requests/{bur.pk}"))
    assert "<html" not in text(client.get(path, headers=HTMX))
    assert f'href="/bulk_update_requests/{bur.pk}"' in text(client.get(path))
    (plan,) = client.get(f"{path}.json").json()
    assert (plan["text"], plan["problem"]) == ("alias a -> b", "")


def test_nobody_is_shown_what_a_request_would_do_that_does_it(client, browser, admin):
    bur = make_request("alias a -> b")
    bur.approve(admin)
    path = f"/bulk_update_requests/{bur.pk}"
    assert "dry_run" not in text(client.get(path))
    assert client.get(f"{path}/dry_run").status_code == 403
    assert browser().get(f"{path}/dry_run").status_code == 403


def test_looking_is_limited(client, settings):
    settings.DANBOORU_RATE_LIMITS = True
    database_clock.stand_still()
    answers = [client.post(PREVIEW, form("alias a -> b"), headers=HTMX).status_code for _ in range(32)]
    assert (answers[0], answers[-1]) == (200, 429)
