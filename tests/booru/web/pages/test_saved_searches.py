from booru.models import Level, SavedSearch
from tests.support.tag_factories import make_alias, make_user


def fields(**values: str) -> dict[str, str]:
    return {f"saved_search[{name}]": value for name, value in values.items()}


def test_a_search_is_saved_in_its_normal_form(browser, member):
    make_alias("kitten", "cat")
    browser(member).post("/saved_searches", fields(query="  Kitten  -DOG ", labels="My__Pets pets  my_pets"))
    search = SavedSearch.objects.get()
    assert search.user == member
    assert sorted(search.query.split()) == ["-dog", "cat"]
    assert search.labels == ["my_pets", "pets"]


def test_one_sees_and_changes_ones_own_alone(browser, member):
    other = SavedSearch.objects.create(user=make_user(), query="secret")
    own = SavedSearch.objects.create(user=member, query="cat")
    client = browser(member)
    assert "secret" not in client.get("/saved_searches").content.decode()
    assert [one["query"] for one in client.get("/saved_searches.json").json()] == ["cat"]
    for method in ("put", "delete"):
        values = {"_method": method, **fields(query="dog")}
        assert client.post(f"/saved_searches/{other.pk}", values).status_code == 403
    client.post(f"/saved_searches/{own.pk}", {"_method": "put", **fields(query="dog")})
    own.refresh_from_db()
    assert own.query == "dog"
    client.post(f"/saved_searches/{own.pk}", {"_method": "delete"})
    assert list(SavedSearch.objects.all()) == [other]


def test_a_search_has_limits(browser, member):
    client = browser(member)
    for values, message in [
        (fields(query=" "), "Query can&#x27;t be blank"),
        (fields(query="x" * 3001), "Query is too long (maximum is 3000 characters)"),
        (fields(query="x" * 100_000), "Query is too long (maximum is 3000 characters)"),
        (
            fields(query=" ".join(f"t{number}" for number in range(151))),
            "Query can&#x27;t have more than 150 tags",
        ),
        (
            fields(query="a", labels=" ".join(f"l{number}" for number in range(21))),
            "Labels can&#x27;t have more than 20 labels",
        ),
        (fields(query="a", labels="x" * 101), "Labels can&#x27;t have a label longer than 100 characters"),
    ]:
        assert message in client.post("/saved_searches", values).content.decode()
    assert not SavedSearch.objects.exists()


def test_the_number_of_searches_depends_on_the_level(browser, member):
    gold = make_user(Level.GOLD)
    for user in (member, gold):
        SavedSearch.objects.bulk_create(SavedSearch(user=user, query=f"t{n}") for n in range(250))
    page = browser(member).post("/saved_searches", fields(query="cat")).content.decode()
    assert "You can only have up to 250 saved searches" in page
    browser(gold).post("/saved_searches", fields(query="cat"))
    assert (member.saved_searches.count(), gold.saved_searches.count()) == (250, 251)


def test_a_post_search_can_be_saved_from_its_page(browser, member):
    page = browser(member).get("/posts?tags=cat+-dog").content.decode()
    assert 'href="/saved_searches?query=cat%20-dog"' in page
    assert 'value="cat -dog"' in browser(member).get("/saved_searches?query=cat%20-dog").content.decode()
