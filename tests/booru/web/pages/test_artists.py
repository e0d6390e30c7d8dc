from booru.models import Artist, Credit, Tag
from booru.models.tags.tag import TagCategory
from tests.support.tag_factories import make_tag, make_user


def fields(**values: str) -> dict[str, str]:
    return {f"artist[{name}]": value for name, value in values.items()}


def test_an_artist_is_entered_and_changed(browser, member):
    client = browser(member)
    urls = "https://X.com/bob/\r\n-https://old.example/bob"
    client.post("/artists", fields(name="Bob", group_name="The Bobs", other_names="robert", urls=urls))
    artist = Artist.objects.get()
    assert (artist.name, artist.group_name, artist.other_names) == ("bob", "The_Bobs", ["robert"])
    assert artist.urls == ["-https://old.example/bob", "https://x.com/bob"]
    assert Tag.objects.get(name="bob").category == TagCategory.ARTIST
    page = client.get(f"/artists/{artist.pk}").content.decode()
    assert '<a href="https://x.com/bob" rel="external nofollow noreferrer">' in page
    assert "<s>https://old.example/bob</s>" in page
    client.post(f"/artists/{artist.pk}", {"_method": "put", **fields(group_name="")})
    artist.refresh_from_db()
    assert (artist.group_name, artist.other_names) == ("", ["robert"])


def test_an_artist_that_breaks_a_rule_is_shown_again(browser, member):
    make_tag("bob", post_count=5)
    page = browser(member).post("/artists", fields(name="bob")).content.decode()
    assert "bob&#x27; is a general tag; artist entries can only be made for artist tags" in page
    assert "javascript" not in browser(member).post("/artists", fields(name="eve")).content.decode()
    page = browser(member).post("/artists", fields(name="carl", urls="javascript://alert")).content.decode()
    assert "URLs &#x27;javascript://alert&#x27; is not a valid URL" in page
    assert not Artist.objects.filter(name__in=["bob", "carl"]).exists()


def test_an_artist_is_deleted_by_builders_alone(browser, member, builder):
    artist = Artist.objects.make(Credit(member), name="bob")
    assert browser(member).post(f"/artists/{artist.pk}", {"_method": "delete"}).status_code == 403
    browser(builder).post(f"/artists/{artist.pk}", {"_method": "delete"})
    assert [one["name"] for one in browser().get("/artists.json").json()] == []
    assert browser().get("/artists.json?search[is_deleted]=true").json()[0]["name"] == "bob"


def test_artists_are_found_by_any_of_their_names_and_urls(browser, db):
    credit = Credit(make_user())
    Artist.objects.make(credit, name="bob", other_names=["robert"], urls=["-https://x.com/bob"])
    Artist.objects.make(credit, name="eve", group_name="G")

    def names(**search: str) -> list[str]:
        query = {f"search[{name}]": value for name, value in search.items()}
        return [artist["name"] for artist in browser().get("/artists.json", query).json()]

    assert names(has_other_name="robert") == ["bob"]
    assert names(has_url="https://x.com/bob/") == ["bob"]
    assert names(group_name_ilike="g*") == ["eve"]
    assert names(name_matches="*v*") == ["eve"]


def test_the_history_of_an_artist_is_shown(browser, db):
    artist = Artist.objects.make(Credit(make_user()), name="bob", other_names=["robert"])
    artist.update(Credit(make_user()), other_names=["bobby"])
    page = browser().get(f"/artist_versions?search[artist_id]={artist.pk}").content.decode()
    assert "<del>robert</del>" in page
    assert "<ins>bobby</ins>" in page
