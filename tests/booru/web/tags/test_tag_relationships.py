import pytest

from booru.models import ModAction, TagAlias, TagImplication, WikiPage
from tests.support.factories import ForumTopicFactory, TagFactory, UserFactory
from tests.support.tag_factories import make_alias, make_implication

KINDS = [
    (TagAlias, make_alias, "tag_aliases", "Tag alias"),
    (TagImplication, make_implication, "tag_implications", "Tag implication"),
]


@pytest.fixture(params=KINDS, ids=["alias", "implication"])
def kind(request, db):
    return request.param


def ids(browser, route, **params):
    query = {f"search[{name}]": value for name, value in params.items()}
    return [record["id"] for record in browser().get(f"/{route}.json", query).json()]


def test_its_record_for_programs(kind, browser):
    _, make, route, _ = kind
    one = make("aaa", "bbb", reason="because")
    record = browser().get(f"/{route}/{one.pk}.json").json()
    assert set(record) == {
        *("id", "created_at", "updated_at", "antecedent_name", "consequent_name", "creator_id"),
        *("approver_id", "forum_topic_id", "forum_post_id", "status", "reason"),
    }
    assert (record["antecedent_name"], record["consequent_name"], record["status"]) == (
        "aaa",
        "bbb",
        "active",
    )


def test_search(kind, browser):
    _, make, route, _ = kind
    TagFactory(name="cat_ears", category=1, post_count=7)
    TagFactory(name="ears", category=4, post_count=9)
    WikiPage.objects.create(title="ears", body="Two of them.")
    topic, admin = ForumTopicFactory(title="Ears"), UserFactory(name="Anna")
    first = make("cat_ears", "ears", reason="Cats have ears", approver=admin, forum_topic=topic)
    second = make("Dog_Tail", "cat_ears", status="deleted")
    third = make("x", "y", status="retired")
    assert ids(browser, route) == [third.pk, second.pk, first.pk]
    assert ids(browser, route, name_matches="CAT*") == [second.pk, first.pk]
    assert ids(browser, route, name_matches="dog tail") == [second.pk]
    assert ids(browser, route, antecedent_name_matches="*ears") == [first.pk]
    assert ids(browser, route, consequent_name_matches="*ears") == [second.pk, first.pk]
    assert ids(browser, route, antecedent_name="cat_ears") == [first.pk]
    assert ids(browser, route, consequent_name_space="y ears") == [third.pk, first.pk]
    assert ids(browser, route, status="deleted,retired") == [third.pk, second.pk]
    assert ids(browser, route, status_not="active") == [third.pk, second.pk]
    assert ids(browser, route, category="4 5") == [first.pk]
    assert ids(browser, route, category="1") == [second.pk]
    assert ids(browser, route, category="x") == []
    assert ids(browser, route, reason_matches="cat") == [first.pk]
    assert ids(browser, route, approver_name="anna") == [first.pk]
    assert ids(browser, route, has_approver="no") == [third.pk, second.pk]
    assert ids(browser, route, creator_id=second.creator_id) == [second.pk]
    assert ids(browser, route, forum_topic_id=topic.pk) == [first.pk]
    assert ids(browser, route, has_forum_post="yes") == []
    assert ids(browser, route, has_consequent_tag="no") == [third.pk]
    assert ids(browser, route, has_antecedent_wiki="yes") == []
    assert ids(browser, route, has_consequent_wiki="yes") == [first.pk]
    assert ids(browser, route, **{"consequent_tag][post_count": ">8"}) == [first.pk]
    assert ids(browser, route, **{"forum_topic][title": "Ears"}) == [first.pk]
    assert ids(browser, route, created_at="<1d", id=f"<{third.pk}") == [second.pk, first.pk]
    assert ids(browser, route, created_at="tomorrow") == []


def test_orders(kind, browser):
    model, make, route, _ = kind
    TagFactory(name="big", post_count=9)
    TagFactory(name="small", post_count=1)
    first, second, third = make("small", "big"), make("big", "small"), make("aaa", "gone")
    model.objects.filter(pk=first.pk).update(updated_at=third.updated_at, created_at=third.created_at)
    assert ids(browser, route, order="name") == [third.pk, second.pk, first.pk]
    assert ids(browser, route, order="created_at") == [third.pk, first.pk, second.pk]
    assert ids(browser, route, order="updated_at") == [third.pk, first.pk, second.pk]
    assert ids(browser, route, order="antecedent_tag_count") == [second.pk, first.pk, third.pk]
    assert ids(browser, route, order="consequent_tag_count") == [first.pk, second.pk, third.pk]
    assert ids(browser, route, order="id_asc") == [first.pk, second.pk, third.pk]


def test_implications_are_found_along_their_way(browser, db):
    ab, bc, cd = (
        make_implication("a", "b"),
        make_implication("b", "c", status="deleted"),
        make_implication("c", "d"),
    )
    xc = make_implication("x", "c")
    assert ids(browser, "tag_implications", implied_from="b") == [cd.pk, bc.pk]
    assert ids(browser, "tag_implications", implied_from="A x") == [xc.pk, cd.pk, bc.pk, ab.pk]
    assert ids(browser, "tag_implications", implied_to="c") == [xc.pk, bc.pk, ab.pk]
    assert ids(browser, "tag_implications", implied_to="a") == []
    circle = make_implication("d", "a")
    assert ids(browser, "tag_implications", implied_from="a") == [circle.pk, cd.pk, bc.pk, ab.pk]
    assert ids(browser, "tag_aliases", implied_from="a") == []


def test_the_list_shows_pairs_and_hides_topics_above_ones_level(kind, browser):
    _, make, route, _ = kind
    make("cat_ears", "ears", forum_topic=ForumTopicFactory(title="Open talk"))
    make("aaa", "bbb", forum_topic=ForumTopicFactory(title="Secret talk", min_level=40))
    page = browser().get(f"/{route}").content.decode()
    assert "cat ears" in page
    assert "Open talk" in page
    assert "Secret talk" not in page


def test_an_admin_deletes_it(kind, browser, admin):
    model, make, route, words = kind
    one = make("aaa", "bbb")
    client = browser(admin)
    assert "Delete" in client.get(f"/{route}/{one.pk}").content.decode()
    page = client.post(f"/{route}/{one.pk}", {"_method": "delete"}, follow=True).content.decode()
    assert f"{words} was deleted" in page
    one.refresh_from_db()
    assert one.status == "deleted"
    action = ModAction.objects.get()
    assert action.description == f"deleted {words.lower()} aaa -> bbb"
    assert (action.subject_type, action.subject_id, action.creator) == (model.__name__, one.pk, admin)
    assert client.delete(f"/{route}/{one.pk}.json").status_code == 204
    assert ModAction.objects.count() == 1
    assert 'value="delete"' not in client.get(f"/{route}/{one.pk}").content.decode()


def test_nobody_else_deletes_it(kind, browser, builder):
    _, make, route, _ = kind
    one = make("aaa", "bbb")
    client = browser(builder)
    assert 'value="delete"' not in client.get(f"/{route}/{one.pk}").content.decode()
    assert client.delete(f"/{route}/{one.pk}.json").status_code == 403
    one.refresh_from_db()
    assert one.status == "active"
