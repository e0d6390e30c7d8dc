import html

import pytest
from django.utils import timezone

from booru.models import BulkUpdateRequest, Level, Post, PostVersion, TagAlias
from tests.support.factories import PostFactory, TagFactory, UserFactory


@pytest.fixture
def posts(db):
    return PostFactory(tag_string="solo touhou"), PostFactory(tag_string="1girl touhou")


def ids(response):
    return [record["id"] for record in response.json()]


def test_search_by_tags_and_without_tags(browser, posts):
    first, second = posts
    get = browser().get
    assert ids(get("/posts.json")) == [second.pk, first.pk]
    assert ids(get("/posts.json?tags=touhou")) == [second.pk, first.pk]
    assert ids(get("/posts.json?tags=Touhou+solo")) == [first.pk]
    assert ids(get("/posts.json?tags=touhou+-solo")) == [second.pk]
    assert ids(get("/posts.json?tags=-solo")) == [second.pk]
    assert ids(get("/posts.json?tags=nothing")) == []


def test_an_aliased_name_finds_the_new_one(browser, posts):
    TagAlias.objects.create(antecedent_name="alone", consequent_name="solo", creator=UserFactory())
    assert ids(browser().get("/posts.json?tags=alone")) == [posts[0].pk]


def test_the_search_language_is_understood(browser, posts):
    first, second = posts
    get = browser().get
    assert ids(get("/posts.json?tags=solo+or+1girl")) == [second.pk, first.pk]
    assert ids(get("/posts.json?tags=touhou+order:id_asc")) == [first.pk, second.pk]
    assert ids(get("/posts.json?tags=touhou+limit:1")) == [second.pk]
    assert ids(get(f"/posts.json?tags=id:<{second.pk}")) == [first.pk]
    TagFactory(name="1girl", post_count=1)
    assert ids(get("/posts.json?tags=1gir*")) == [second.pk]


def test_a_search_with_a_syntax_error_says_so(browser, posts):
    page = browser().get("/posts?tags=(touhou")
    assert page.status_code == 200
    assert "This search has a syntax error" in page.content.decode()
    assert f"/posts/{posts[0].pk}" not in page.content.decode()
    assert ids(browser().get("/posts.json?tags=(touhou")) == []


@pytest.mark.parametrize(
    ("search", "message"),
    [
        ("touhou+solo+-1girl", "You cannot search for more than 2 tags at a time."),
        ("order:id+ordfav:x", "order and ordfav can't be used together."),
        ("touhou+-order:id", "'order:id' can't be negated."),
    ],
)
def test_a_search_that_cannot_be_made_is_refused(browser, posts, search, message):
    response = browser().get(f"/posts.json?tags={search}")
    assert response.status_code == 422
    assert response.json()["message"] == message
    page = browser().get(f"/posts?tags={search}")
    assert page.status_code == 422
    assert message in html.unescape(page.content.decode())


def test_higher_levels_search_for_more_tags(browser, posts):
    search = "/posts?tags=touhou+solo+-1girl"
    assert browser(UserFactory(level=Level.MEMBER)).get(search).status_code == 422
    assert browser(UserFactory(level=Level.GOLD)).get(search).status_code == 200
    assert browser(UserFactory(level=Level.PLATINUM)).get(f"{search}+a+b+c+d+e").status_code == 200


def test_pages_lead_to_each_other(browser, db):
    for _ in range(3):
        PostFactory(tag_string="a")
    client = browser()
    newest, middle, oldest = Post.objects.order_by("-pk")
    page = client.get("/posts?tags=a&limit=2").content.decode()
    assert 'rel="next" href="/posts?tags=a&amp;limit=2&amp;page=2"' in page
    assert ids(client.get("/posts.json?limit=2&page=2")) == [oldest.pk]
    assert ids(client.get(f"/posts.json?page=b{newest.pk}&limit=1")) == [middle.pk]
    assert ids(client.get(f"/posts.json?page=a{oldest.pk}&limit=1")) == [middle.pk]


def test_a_post_shows_its_tags_by_category_and_its_history(browser):
    user = UserFactory()
    TagFactory(name="hakurei_reimu", category=4)
    TagFactory(name="somebody", category=1)
    post = PostFactory(tag_string="hakurei_reimu nowhere_known somebody")
    bur = BulkUpdateRequest.objects.request(user=user, script="create alias a1 -> b1", title="t", reason="r")
    now = timezone.now()
    PostVersion.objects.filter(post=post).delete()
    PostVersion.objects.create(
        post=post,
        updater=user,
        version=1,
        tags=post.tag_string,
        added_tags=["somebody"],
        removed_tags=["someone"],
        rating="g",
        bulk_update_request=bur,
        created_at=now,
        updated_at=now,
    )
    page = browser().get(f"/posts/{post.pk}").content.decode()
    assert page.index("Artist</h2>") < page.index("Character</h2>") < page.index("General</h2>")
    assert 'class="tag tag-character"' in page
    assert '<ins><a href="/posts?tags=somebody">' in page
    assert '<del><a href="/posts?tags=someone">' in page
    assert f"BUR #{bur.pk}" in page


def test_names_cannot_break_out_of_the_page(browser, db):
    post = PostFactory(tag_string="<script>alert(1)</script>")
    for path in (
        f"/posts/{post.pk}",
        "/posts",
        "/posts?tags=<script>alert(1)</script>",
        "/wiki_pages/<script>",
    ):
        assert "<script>alert" not in browser().get(path).content.decode()
