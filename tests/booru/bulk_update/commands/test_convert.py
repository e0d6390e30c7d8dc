import pytest
from django.core.exceptions import ValidationError

from booru.bulk_update.checking.picture_loading import load_picture
from booru.bulk_update.commands.convert import Convert
from booru.models import Level, Pool, Post, Tag, WikiPage
from booru.posts.editing.drafts import MAX_TAGS
from tests.support.factories import PostFactory
from tests.support.tag_factories import (
    apply_script,
    make_alias,
    make_post,
    make_request,
    make_tag,
    make_user,
    make_wiki_page,
)

pytestmark = pytest.mark.django_db


def command(line):
    return Convert.parse(f"convert {line}")


def affected_tags(line):
    return command(line).affected_tags(load_picture([command(line)]))


def errors_of(script):
    with pytest.raises(ValidationError) as error:
        make_request(script)
    return error.value.messages


def make_pool(name, *posts, **fields):
    return Pool.objects.create(name=name, post_ids=[post.pk for post in posts], **fields)


def test_a_pool_becomes_a_tag():
    post = make_post("bar")
    pool = make_pool("cute_pool", post)
    make_wiki_page("cute", "Exists.")
    request = apply_script("convert pool:cute_pool -> cute")
    pool.refresh_from_db()
    post.refresh_from_db()
    assert (pool.is_deleted, pool.post_ids) == (True, [])
    assert pool.description == "This pool has been moved to [[cute]]."
    assert WikiPage.objects.titled("cute").body == "Exists."
    assert post.tag_string == "bar cute"
    assert pool.versions.latest("version").bulk_update_request == request


def test_the_tag_takes_over_what_was_written_about_the_pool():
    make_pool("cute_pool", description="Cute ones.")
    make_wiki_page("cute", "", is_deleted=True)
    apply_script("convert pool:cute_pool -> cute")
    page = WikiPage.objects.titled("cute")
    assert (page.body, page.is_deleted) == ("Cute ones.", False)


def test_a_tag_and_a_pool_without_words_get_no_page():
    post = make_post("bar")
    make_pool("cute_pool", post)
    apply_script("convert pool:cute_pool -> cute")
    assert not WikiPage.objects.exists()
    assert Post.objects.get().tag_string == "bar cute"


def test_posts_that_cannot_get_the_tag_stay_in_the_pool():
    full = PostFactory(tag_string=" ".join(f"t{number}" for number in range(MAX_TAGS)))
    pool = make_pool("cute_pool", make_post("bar"), full)
    request = apply_script("convert pool:cute_pool -> cute")
    pool.refresh_from_db()
    assert (pool.is_deleted, pool.post_ids) == (True, [full.pk])
    assert request.lines.get().posts_skipped == 1


def test_a_tag_becomes_a_new_pool():
    post = make_post("bar cute")
    make_wiki_page("cute", "Cute ones.")
    request = apply_script("convert cute -> pool:Cute_Pool")
    post.refresh_from_db()
    pool = Pool.objects.get()
    assert (pool.name, pool.description, pool.post_ids) == ("Cute_Pool", "Cute ones.", [post.pk])
    assert post.tag_string == "bar"
    assert WikiPage.objects.titled("cute").body == "This tag has been moved to {{pool:Cute_Pool}}."
    assert pool.versions.latest("version").bulk_update_request == request


def test_a_tag_joins_a_pool_that_was_deleted():
    old, new = make_post("bar"), make_post("cute")
    pool = make_pool("cute_pool", old, description="Words.", is_deleted=True)
    apply_script(f"convert cute -> pool:{pool.pk}")
    pool.refresh_from_db()
    assert (pool.description, pool.post_ids, pool.is_deleted) == ("Words.", [old.pk, new.pk], False)
    assert WikiPage.objects.titled("cute").body == "This tag has been moved to {{pool:cute_pool}}."


@pytest.mark.parametrize(
    ("line", "problem"),
    [
        ("tag1 -> tag2", "{{tag1}} -> {{tag2}} (convert takes exactly one pool and one tag)"),
        ("tag1 pool:1 -> tag2", "{{tag1 pool:1}} -> {{tag2}} (convert takes exactly one pool and one tag)"),
        ("tag1 -> -pool:x", "{{tag1}} -> {{-pool:x}} (convert takes exactly one pool and one tag)"),
        (
            "cute -> pool:cute_pool",
            "[[cute]] -> {{pool:cute_pool}} (either the tag or the pool must have a description)",
        ),
        ("Nowhere -> pool:cute_pool", "[[nowhere]] -> {{pool:cute_pool}} (tag [[nowhere]] doesn't exist)"),
        ("pool:Nowhere -> cute", "{{pool:Nowhere}} -> [[cute]] ({{pool:Nowhere}} does not exist)"),
        (
            "described -> pool:ab",
            "[[described]] -> {{pool:ab}} (pool name is too short (minimum is 3 characters))",
        ),
        ("pool:there -> tag_", "{{pool:there}} -> [[tag_]] ('tag_' cannot end with an underscore)"),
        ("pool:there -> vague", "{{pool:there}} -> [[vague]] ([[vague]] is deprecated)"),
    ],
)
def test_what_cannot_be_converted(line, problem):
    make_post("bar cute")
    make_wiki_page("unrelated", is_deleted=True)
    make_tag("described")
    make_wiki_page("described")
    make_pool("there")
    make_tag("vague", is_deprecated=True)
    assert errors_of(f"convert {line}") == [f"Can't convert {problem}"]
    assert Pool.objects.count() == 1


def test_two_illegal_pairs_are_not_called_duplicates():
    assert errors_of("convert a -> b\nconvert c -> d") == [
        "Can't convert {{a}} -> {{b}} (convert takes exactly one pool and one tag)",
        "Can't convert {{c}} -> {{d}} (convert takes exactly one pool and one tag)",
    ]


def test_a_pool_that_cannot_be_made_any_more_leaves_the_tag_alone():
    post = make_post("cute")
    make_wiki_page("cute", "Words.")
    request = make_request("convert cute -> pool:cute_pool")
    request.approve(make_user(Level.ADMIN))
    WikiPage.objects.update(body="x" * 20_001)
    with pytest.raises(ValidationError):
        request.process()
    post.refresh_from_db()
    assert post.tag_string == "cute"
    assert not Pool.objects.exists()


def test_a_conversion_may_be_repeated():
    post = make_post("bar cute")
    make_wiki_page("cute", "Cute ones.")
    apply_script("convert cute -> pool:cute_pool")
    apply_script("convert cute -> pool:cute_pool")
    pool = Pool.objects.get()
    assert (pool.description, pool.post_ids) == ("Cute ones.", [post.pk])
    assert Tag.objects.named("cute").post_count == 0


def test_how_it_is_shown_and_what_it_is_about():
    make_alias("kitty", "cat")
    assert command("Kitty -> POOL:Some_Pool").dtext == "convert [[kitty]] -> {{POOL:Some_Pool}}"
    assert affected_tags("Kitty -> pool:x") == ["cat"]
    assert command("pool:Some_Pool -> Kitty").dtext == "convert {{pool:Some_Pool}} -> [[kitty]]"
    assert affected_tags("a b -> c") == ["a", "b", "c"]


def test_what_bounds_it():
    assert command("a -> pool:x").touched.is_bounded
    assert not command("pool:x -> a").touched.is_bounded


def test_what_it_would_do():
    tagged, pooled = make_post("cute"), make_post("bar")
    make_pool("cute_pool", pooled)
    for line, post in (("cute -> pool:cute_pool", tagged), ("pool:cute_pool -> cute", pooled)):
        (planned,) = command(line).planned_edits()
        assert list(planned.posts) == [post]
        assert command(line).touched_records() == {"pools": 1, "wiki pages": 1}
