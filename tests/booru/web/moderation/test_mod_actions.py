import pytest

from booru.models import Level, ModAction
from tests.support.factories import UserFactory


@pytest.fixture
def actions(admin):
    log, categories = ModAction.objects.log, ModAction.Category
    return [
        log(admin, categories.TAG_DEPRECATE, "marked the tag [[aaa]] as deprecated"),
        log(UserFactory(), categories.USER_BAN, "banned <@somebody>"),
        log(admin, categories.EMAIL_ADDRESS_UPDATE, "changed an address"),
    ]


def ids(client, **params):
    query = {f"search[{name}]": value for name, value in params.items()}
    return [record["id"] for record in client.get("/mod_actions.json", query).json()]


def test_the_list_is_searched(browser, actions, admin):
    deprecation, ban, _ = (action.pk for action in actions)
    client = browser()
    assert ids(client) == [ban, deprecation]
    assert ids(client, category="tag_deprecate") == ids(client, category="240") == [deprecation]
    assert ids(client, category="email_address_update") == []
    assert ids(client, category_id=">200") == [deprecation]
    assert ids(client, creator_name=admin.name) == [deprecation]
    assert ids(client, description_matches="*BAN*") == [ban]
    assert ids(browser(UserFactory(level=Level.MODERATOR)), category="501") == [actions[2].pk]


def test_an_action_for_programs(browser, actions):
    record = browser().get(f"/mod_actions/{actions[0].pk}.json").json()
    assert (record["category"], record["subject_type"], record["subject_id"]) == ("tag_deprecate", "", None)


def test_descriptions_are_rendered(browser, actions):
    page = browser().get("/mod_actions").content.decode()
    assert "/wiki_pages/aaa" in page
    assert "email_address_update" not in page
    assert "changed an address" not in page
    assert "marked the tag" in browser().get(f"/mod_actions/{actions[0].pk}").content.decode()
