from booru.models import Credit, Pool
from tests.support.tag_factories import make_post, make_user


def fields(**values: str) -> dict[str, str]:
    return {f"pool[{name}]": value for name, value in values.items()}


def test_a_pool_is_made_and_shows_its_posts_in_order(browser, member):
    one, two = make_post("a"), make_post("b")
    ids = f"{two.pk} {one.pk}"
    values = fields(name="My pool", description="[[a]]", category="collection", post_ids=ids)
    response = browser(member).post("/pools", values)
    pool = Pool.objects.get()
    assert response["Location"] == f"/pools/{pool.pk}"
    assert (pool.name, pool.category, pool.post_ids) == ("My_pool", "collection", [two.pk, one.pk])
    page = browser().get(f"/pools/{pool.pk}").content.decode()
    assert page.index(f">#{two.pk}<") < page.index(f">#{one.pk}<")


def test_a_pool_that_breaks_a_rule_is_shown_again(browser, member):
    client = browser(member)
    for values, message in [
        (fields(name="ab"), "Name is too short (minimum is 3 characters)"),
        (fields(name="abc", post_ids="1 x"), "Post ids must be numbers with spaces between them"),
        (
            fields(name="abc", post_ids="12345"),
            "include posts that don&#x27;t exist: 12345",
        ),
        (fields(name="abc", category="nonsense"), "Category is not included in the list"),
    ]:
        response = client.post("/pools", values)
        assert response.status_code == 200
        assert message in response.content.decode()
    assert not Pool.objects.exists()


def test_a_deleted_pool_is_restored_by_builders_alone(browser, member, builder):
    pool = Pool.objects.make(Credit(builder), name="my pool")
    browser(builder).post(f"/pools/{pool.pk}", {"_method": "delete"})
    pool.refresh_from_db()
    assert pool.is_deleted
    restore = {"_method": "put", **fields(is_deleted="false")}
    assert browser(member).post(f"/pools/{pool.pk}", restore).status_code == 403
    browser(builder).post(f"/pools/{pool.pk}", restore)
    pool.refresh_from_db()
    assert not pool.is_deleted


def test_pools_are_found(browser, db):
    post = make_post("a")
    credit = Credit(make_user())
    Pool.objects.make(credit, name="Cat stories", post_ids=[post.pk])
    Pool.objects.make(credit, name="Dogs", category="collection", description="[[cat]]")

    def names(**search: str) -> list[str]:
        query = {f"search[{name}]": value for name, value in search.items()}
        return [pool["name"] for pool in browser().get("/pools.json", query).json()]

    assert names(order="name") == ["Cat_stories", "Dogs"]
    assert names(name_matches="cat s*") == ["Cat_stories"]
    assert names(category="collection") == ["Dogs"]
    assert names(linked_to="cat") == ["Dogs"]
    assert names(post_ids_include_any=f"{post.pk}") == ["Cat_stories"]


def test_the_history_tells_of_posts_and_of_their_order(browser, db):
    one, two = make_post("a"), make_post("b")
    pool = Pool.objects.make(Credit(make_user()), name="my pool", post_ids=[one.pk])
    pool.update(Credit(make_user()), post_ids=[one.pk, two.pk])
    pool.update(Credit(make_user()), post_ids=[two.pk, one.pk])
    page = browser().get(f"/pool_versions?search[pool_id]={pool.pk}").content.decode()
    assert f"<ins>{two.pk}</ins>" in page
    assert "in another order" in page
