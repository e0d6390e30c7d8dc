import pytest
from django.core.exceptions import ValidationError

from booru.bulk_update.checking.picture_loading import load_picture
from booru.bulk_update.commands.nuke import Nuke
from booru.models import Pool, Post, TagImplication
from tests.support.tag_factories import (
    apply_script,
    make_alias,
    make_implication,
    make_post,
    make_request,
    make_tag,
)

pytestmark = pytest.mark.django_db


def command(target):
    return Nuke.parse(f"nuke {target}")


def affected_tags(target):
    return command(target).affected_tags(load_picture([command(target)]))


def errors_of(script):
    with pytest.raises(ValidationError) as error:
        make_request(script)
    return error.value.messages


def test_the_tag_is_removed_from_every_post():
    post, other = make_post("foo bar"), make_post("foo")
    apply_script("nuke bar")
    assert [one.tag_string for one in Post.objects.order_by("id")] == ["foo", "foo"]
    assert post.versions.count() == 2
    assert other.versions.count() == 1


def test_a_tag_that_is_not_there_may_be_nuked():
    apply_script("nuke nowhere")


@pytest.mark.parametrize("target", ["Foo", "kitty"])
def test_its_implications_go_first_however_it_is_written(target):
    make_alias("kitty", "foo")
    make_implication("foo", "up")
    make_implication("down", "foo")
    make_implication("other", "up")
    post = make_post("down x")
    apply_script(f"nuke {target}")
    post.refresh_from_db()
    assert post.tag_string == "down up x"
    assert [str(implication) for implication in TagImplication.objects.active()] == ["other -> up"]


def test_a_tag_that_looks_like_a_category_is_removed_too():
    make_tag("artist:bbb")
    post = make_post("a")
    Post.objects.update(tag_string="a artist:bbb")
    apply_script("nuke artist:bbb")
    post.refresh_from_db()
    assert post.tag_string == "a"


@pytest.mark.parametrize("by", ["name", "id"])
def test_a_pool_is_emptied_and_deleted(by):
    post = make_post("a")
    pool = Pool.objects.create(name="Mario_Quest", post_ids=[post.pk])
    request = apply_script(f"nuke pool:{pool.pk if by == 'id' else 'mario_quest'}")
    pool.refresh_from_db()
    assert (pool.post_ids, pool.is_deleted) == ([], True)
    assert pool.versions.latest("version").bulk_update_request == request
    assert Post.objects.get().tag_string == "a"


@pytest.mark.parametrize(
    ("target", "problem"),
    [
        ("pool:mario_quest", "{{pool:mario_quest}} (pool doesn't exist)"),
        ('POOL:"Mario"', '{{pool:"Mario"}} (pool doesn\'t exist)'),
        ("pool:any", "{{pool:any}} (pool doesn't exist)"),
        ("(foo", "{{(foo}} (the search {{(foo}} has a syntax error)"),
        ("rating:s", "{{rating:s}} ({{rating:s}} can't be removed from posts)"),
    ],
)
def test_what_cannot_be_nuked(target, problem):
    assert errors_of(f"nuke {target}") == [f"Can't nuke {problem}"]


def test_how_it_is_shown_and_what_it_is_about():
    make_alias("kitty", "cat")
    assert command("Kitty").dtext == "nuke [[Kitty]]"
    assert affected_tags("Kitty") == ["cat"]
    assert command("pool:x").dtext == "nuke {{pool:x}}"
    assert affected_tags("pool:x") == []
    assert command("-a").dtext == "nuke {{-a}}"


def test_what_bounds_it():
    assert command("a").touched.is_bounded
    assert command("pool:x").touched.is_bounded
    assert not command("fav:x").touched.is_bounded


def test_what_it_would_do():
    post = make_post("a")
    Pool.objects.create(name="Mario_Quest")
    make_implication("a", "b")
    (planned,) = command("a").planned_edits()
    assert list(planned.posts) == [post]
    assert command("a").touched_records() == {"implications": 1}
    assert command("pool:mario_quest").planned_edits() == []
    assert command("pool:mario_quest").touched_records() == {"pools": 1}
