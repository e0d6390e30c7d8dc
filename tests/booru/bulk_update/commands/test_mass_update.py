import pytest
from django.core.exceptions import ValidationError

from booru.bulk_update.commands.mass_update import MassUpdate
from booru.models import BulkUpdateRequest, Favorite, Level, Pool, Post, Tag, User
from booru.models.tags.tag import TagCategory
from booru.posts.editing.drafts import MAX_TAGS
from tests.support.factories import PostFactory
from tests.support.tag_factories import (
    apply_script,
    make_alias,
    make_implication,
    make_post,
    make_request,
    make_tag,
    make_user,
)

pytestmark = pytest.mark.django_db


def command(line):
    return MassUpdate.parse(line)


def tags_of(*posts):
    for post in posts:
        post.refresh_from_db()
    return [post.tag_string for post in posts]


def errors_of(script):
    with pytest.raises(ValidationError) as error:
        make_request(script)
    return error.value.messages


def test_the_edit_is_appended_to_every_post_that_is_found():
    dress, maid = make_post("maid_dress"), make_post("maid")
    request = apply_script("mass update maid_dress -> maid dress\nalias maid_dress -> maid")
    request.refresh_from_db()
    assert tags_of(dress, maid) == ["dress maid", "maid"]
    assert request.status == "approved"


def test_the_left_hand_tags_stay_unless_they_are_removed():
    post, other = make_post("a x"), make_post("a y")
    apply_script("update a x -> b -x")
    assert tags_of(post, other) == ["a b", "a y"]


def test_the_versions_are_credited_to_the_system_user():
    post = make_post("foo aaa")
    request = apply_script("update aaa -> bbb blah")
    version = post.versions.latest("version")
    assert (version.updater, version.bulk_update_request) == (User.objects.system(), request)


def test_posts_of_every_status_are_edited():
    posts = [
        make_post("a", **{flag: True}) for flag in ("is_deleted", "is_pending", "is_flagged", "is_banned")
    ]
    apply_script("update a -> b")
    assert tags_of(*posts) == ["a b"] * 4


def test_aliases_in_the_search_are_resolved():
    post = make_post("cat")
    make_alias("kitty", "cat")
    apply_script("update kitty -> seen")
    assert tags_of(post) == ["cat seen"]


def test_the_search_knows_no_limits_and_no_secrets():
    reader = make_user(Level.ADMIN, name="reader", enable_private_favorites=True)
    post = make_post("a b c d e f g h")
    Favorite.objects.create(user=reader, post=post)
    apply_script("update a b c d e f g h -> many\nupdate fav:reader -> private")
    assert "many" in tags_of(post)[0]
    assert "private" not in post.tags


def test_a_search_with_a_syntax_error_is_refused():
    message = "Can't mass update {{(foo}} -> {{bar}} (the search {{(foo}} has a syntax error)"
    assert errors_of("mass update (foo -> bar") == [message]


def test_an_edit_that_cannot_be_read_to_its_end_is_refused():
    message = (
        "Can't mass update {{foo}} -> {{a -rating:s b}} (the edit can't be read from {{-rating:s b}} on)"
    )
    assert errors_of("update foo -> a -rating:s b") == [message]
    assert "{{- b}}" in errors_of("update foo -> a - b")[0]


def test_posts_that_cannot_be_saved_are_named_and_the_others_edited():
    full = PostFactory(tag_string=" ".join(["a", *(f"t{number}" for number in range(MAX_TAGS - 1))]))
    post = make_post("a")
    request = apply_script("update a -> b")
    assert tags_of(post) == ["a b"]
    line = request.lines.get()
    assert (line.posts_done, line.posts_changed, line.posts_skipped) == (2, 1, 1)
    assert line.skipped[0][0] == full.pk


@pytest.mark.parametrize(
    ("line", "dtext"),
    [
        ("update a -> b", "mass update [[a]] -> [[b]]"),
        ("mass update A b -> -a", "mass update {{A b}} -> {{-a}}"),
        (
            "update source:imageboard -> source:Imageboard",
            "mass update {{source:imageboard}} -> {{source:Imageboard}}",
        ),
        ("update (A) -> a:b", "mass update [[(A)]] -> [[a:b]]"),
        ("update a* -> b -> c", "mass update {{a*}} -> {{b -> c}}"),
        ("update ( -> b", "mass update {{(}} -> [[b]]"),
    ],
)
def test_how_it_is_shown(line, dtext):
    assert command(line).dtext == dtext


def test_the_links_do_not_follow_aliases():
    make_alias("kitty", "cat")
    assert command("update kitty -> x").dtext == "mass update [[kitty]] -> [[x]]"


def test_the_tags_of_a_script_with_all_kinds_of_lines():
    make_alias("ccc", "222")
    make_alias("eee", "other")
    make_implication("ddd", "333")
    make_tag("iii")
    bur = make_request("create alias aaa -> bbb")
    assert bur.tags == ["aaa", "bbb"]
    bur.script = """
        create alias aaa -> 000
        create implication bbb -> 111
        remove alias ccc -> 222
        remove implication ddd -> 333
        mass update eee id:1 -fff ~ggg hhh* -> 444 -555
        category iii -> meta
    """
    bur.save_script()
    names = "000 111 222 333 444 555 aaa bbb ccc ddd eee fff ggg iii"
    assert BulkUpdateRequest.objects.get(pk=bur.pk).tags == names.split()


@pytest.mark.parametrize(
    ("search", "is_bounded"),
    [
        ("a", True),
        ("a -b rating:s", True),
        ("a or b", False),
        ("-a", False),
        ("pool:x", False),
        ("a*", False),
    ],
)
def test_a_search_is_bounded_by_a_tag_that_all_posts_have(search, is_bounded):
    assert command(f"update {search} -> c").touched.is_bounded is is_bounded


def test_what_it_would_do():
    post = make_post("a")
    make_post("b")
    (planned,) = command("update a -> c").planned_edits()
    assert list(planned.posts) == [post]
    assert planned.edit.add == ("c",)


def test_a_run_that_was_interrupted_goes_on_behind_the_last_post():
    posts = [make_post("a") for _ in range(3)]
    request = make_request("update a -> b")
    request.approve(make_user(Level.ADMIN))
    request.lines.update(resume_after=posts[1].pk, status="running")
    request.process()
    assert tags_of(*posts) == ["a", "a", "a b"]


def test_a_post_that_no_longer_fits_after_an_edit_does_not_end_the_walk():
    posts = [make_post("a x") for _ in range(3)]
    apply_script("update a x -> -x")
    assert tags_of(*posts) == ["a"] * 3
    assert not Post.objects.tagged("x").exists()


def test_the_capitals_of_a_source_are_kept():
    post = make_post("a", source="imageboard")
    apply_script("mass update source:imageboard -> source:Imageboard")
    post.refresh_from_db()
    assert post.source == "Imageboard"


def test_an_edit_may_have_metatags():
    post = make_post("a b", rating="g")
    other = make_post("b")
    apply_script(f"update a -> rating:s parent:{other.pk} ch:bob artist:kantoku -b")
    post.refresh_from_db()
    assert (post.tag_string, post.rating, post.parent_id) == ("a kantoku", "s", other.pk)
    categories = dict(Tag.objects.filter(name__in=["bob", "kantoku"]).values_list("name", "category"))
    assert categories == {"bob": TagCategory.CHARACTER, "kantoku": TagCategory.ARTIST}


def test_posts_may_be_put_into_a_pool():
    post = make_post("a")
    pool = Pool.objects.create(name="Nice_Story")
    apply_script("update a -> pool:nice_story -a b")
    pool.refresh_from_db()
    assert pool.post_ids == [post.pk]
    assert tags_of(post) == ["b"]
