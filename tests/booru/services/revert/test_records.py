import pytest

from booru.models import (
    Artist,
    Credit,
    Level,
    ModAction,
    Pool,
    SavedSearch,
    Tag,
    TagAlias,
    TagImplication,
    User,
    WikiPage,
)
from booru.models.tags.tag import TagCategory
from tests.booru.services.revert.reverting import revert
from tests.support.tag_factories import (
    apply_script,
    make_alias,
    make_implication,
    make_post,
    make_tag,
    make_user,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def by_somebody():
    return Credit(make_user(Level.BUILDER))


def pairs(model):
    return set(model.objects.active().values_list("antecedent_name", "consequent_name"))


def test_aliases_and_implications_are_as_they_were():
    make_alias("older", "a")
    make_alias("p", "q")
    make_implication("a", "x")
    make_implication("y", "a")
    make_implication("r", "s")
    before = pairs(TagAlias), pairs(TagImplication)
    bur = apply_script("alias a -> b\nimply b -> z\nunimply r -> s\nunalias p -> q")
    assert pairs(TagAlias) == {("a", "b"), ("older", "b")}
    assert pairs(TagImplication) == {("b", "x"), ("b", "z"), ("y", "b")}
    assert revert(bur).problems == []
    assert (pairs(TagAlias), pairs(TagImplication)) == before


def test_a_relationship_that_a_rule_forbids_now_stays_removed():
    make_implication("a", "x")
    bur = apply_script("unimply a -> x")
    make_implication("x", "a")
    result = revert(bur)
    assert pairs(TagImplication) == {("x", "a")}
    assert result.problem_count == 1
    assert result.problems[0].startswith(
        "the tag implication [[a]] -> [[x]] stays removed: Tag implication can"
    )


def test_an_alias_does_not_come_back_beside_an_implication():
    make_alias("a", "b")
    bur = apply_script("unalias a -> b")
    make_implication("b", "a")
    assert revert(bur).problems == [
        "the tag alias [[a]] -> [[b]] stays removed: an implication connects the two",
    ]


def test_a_relationship_that_somebody_removes_later_is_not_restored_again():
    make_implication("a", "x")
    bur = apply_script("unimply a -> x")
    revert(bur)
    TagImplication.objects.get().reject(Credit(make_user(Level.ADMIN)))
    revert(bur)
    assert pairs(TagImplication) == set()


def test_what_an_admin_takes_back_is_a_mod_action():
    admin = make_user(Level.ADMIN)
    bur = apply_script("alias a -> b")
    revert(bur, admin)
    assert [(action.creator, action.description) for action in ModAction.objects.all()] == [
        (admin, "deleted tag alias a -> b"),
    ]


def test_categories_and_deprecations_are_as_they_were():
    User.objects.filter(pk=User.objects.system().pk).update(level=Level.ADMIN)
    post = make_post("a c")
    make_tag("d", TagCategory.ARTIST)
    WikiPage.objects.create(title="c", body="Words.")
    bur = apply_script("category a -> character\ndeprecate c\nalias d -> e")
    assert Tag.objects.get(name="e").category == TagCategory.ARTIST
    assert revert(bur).problems == []
    tags = Tag.objects.filter(name__in="acde").order_by("name")
    assert list(tags.values_list("name", "category", "is_deprecated")) == [
        ("a", 0, False),
        ("c", 0, False),
        ("d", 1, False),
        ("e", 0, False),
    ]
    post.refresh_from_db()
    assert (post.tag_count_general, post.tag_count_character) == (2, 0)


def test_a_category_that_somebody_has_changed_since_stays(by_somebody):
    make_tag("a")
    bur = apply_script("category a -> character")
    tag = Tag.objects.get(name="a")
    tag.change(by_somebody, category=TagCategory.META)
    assert revert(bur).problems == [
        f"the tag [[a]] stays as it is: @{by_somebody.user.name} has changed it since",
    ]
    tag.refresh_from_db()
    assert tag.category == TagCategory.META


def test_artists_wiki_pages_and_links_are_as_they_were(by_somebody):
    make_tag("old", TagCategory.ARTIST)
    artist = Artist.objects.make(by_somebody, name="old", other_names=["nick"])
    page = WikiPage.objects.make(by_somebody, title="old", body="About them.")
    linking = WikiPage.objects.make(by_somebody, title="list", body="See [[old]].")
    pool = Pool.objects.make(by_somebody, name="Works", description="Of [[old]].")
    records = (artist, page, linking, pool)
    before = [record.state() for record in records]
    bur = apply_script("alias old -> new_one")
    for record in records:
        record.refresh_from_db()
    assert [record.state() for record in records] != before
    assert (artist.name, page.title, linking.body) == ("new_one", "new_one", "See [[new one]].")
    assert revert(bur).problems == []
    for record in records:
        record.refresh_from_db()
    assert [record.state() for record in records] == before
    assert Tag.objects.get(name="new_one").category == TagCategory.GENERAL


def test_pages_that_were_merged_are_two_again(by_somebody):
    old = WikiPage.objects.make(by_somebody, title="aaa", body="first", other_names=["x"])
    new = WikiPage.objects.make(by_somebody, title="bbb", body="second", other_names=["y"])
    before = old.state(), new.state()
    bur = apply_script("alias aaa -> bbb")
    assert revert(bur).problems == []
    old.refresh_from_db()
    new.refresh_from_db()
    assert (old.state(), new.state()) == before


def test_a_page_that_somebody_has_changed_since_stays(by_somebody):
    page = WikiPage.objects.make(by_somebody, title="list", body="See [[aaa]].")
    bur = apply_script("alias aaa -> bbb")
    page.update(by_somebody, body="See [[bbb]] and more.")
    assert revert(bur).problems == [
        f"the wiki page [[list]] stays as it is: @{by_somebody.user.name} has changed it since",
    ]
    page.refresh_from_db()
    assert page.body == "See [[bbb]] and more."


def test_a_page_whose_title_was_taken_since_keeps_the_new_one(by_somebody):
    page = WikiPage.objects.make(by_somebody, title="aaa", body="first")
    bur = apply_script("alias aaa -> bbb")
    WikiPage.objects.make(by_somebody, title="aaa", body="another")
    assert revert(bur).problems == ["the wiki page [[bbb]] stays as it is: has already been taken"]
    page.refresh_from_db()
    assert page.title == "bbb"


def test_a_nuked_pool_has_its_posts_again(by_somebody):
    posts = [make_post("a").pk, make_post("b").pk]
    pool = Pool.objects.make(by_somebody, name="Works", post_ids=posts)
    bur = apply_script("nuke pool:works")
    pool.refresh_from_db()
    assert (pool.is_deleted, pool.post_ids) == (True, [])
    assert revert(bur).problems == []
    pool.refresh_from_db()
    assert (pool.is_deleted, pool.post_ids) == (False, posts)


def test_a_tag_that_became_a_pool_is_a_tag_again(by_somebody):
    post = make_post("works a")
    page = WikiPage.objects.make(by_somebody, title="works", body="All of them.")
    bur = apply_script("convert works -> pool:all_works")
    pool = Pool.objects.get()
    assert pool.post_ids == [post.pk]
    assert revert(bur).problems == []
    for record in (post, page, pool):
        record.refresh_from_db()
    assert (post.tag_string, page.body) == ("a works", "All of them.")
    assert pool.is_deleted


def test_a_pool_that_became_a_tag_is_a_pool_again(by_somebody):
    post = make_post("a")
    pool = Pool.objects.make(by_somebody, name="Works", description="All.", post_ids=[post.pk])
    bur = apply_script("convert pool:works -> works")
    post.refresh_from_db()
    assert post.tag_string == "a works"
    assert revert(bur).problems == []
    for record in (post, pool):
        record.refresh_from_db()
    assert (post.tag_string, pool.description, pool.is_deleted) == ("a", "All.", False)
    assert WikiPage.objects.get(title="works").is_deleted


def test_what_leaves_no_trace_is_said():
    make_post("a")
    user = make_user(blacklisted_tags="old b")
    SavedSearch.objects.create(user=user, query="x y")
    bur = apply_script("update a -> status:banned pool:none\nalias old -> new_one\nalias x1 -> x2")
    assert revert(bur).problems == [
        "what status: did in mass update [[a]] -> {{status:banned pool:none}} stays done",
        "saved searches and blacklists that named [[old]] name [[new_one]] now",
    ]
