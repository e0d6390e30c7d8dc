import pytest

from booru.models import Tag
from booru.posts.editing.editor import PostEditor
from booru.posts.tag_edits.tag_edit import TagEdit
from tests.support.tag_factories import make_implication, make_post, make_tag, make_user

pytestmark = pytest.mark.django_db


def warnings(post, text):
    return list(PostEditor(make_user()).edit_post(post, TagEdit.parse(text)).warnings)


def test_tags_that_cannot_be_added_are_named():
    for name in ("x", "y", "z"):
        make_tag(name, is_deprecated=True)
    post = make_post("a")
    assert warnings(post, "b tag_ x y z") == [
        "Couldn't add tag: 'tag_' cannot end with an underscore",
        "The following tags are deprecated and could not be added: [[x]], [[y]], and [[z]]",
    ]
    assert warnings(post, "x y") == [
        "The following tags are deprecated and could not be added: [[x]] and [[y]]"
    ]
    assert post.tag_string == "a b"


def test_nothing_is_said_of_a_deprecated_tag_that_is_there_already():
    post = make_post("a")
    Tag.objects.filter(name="a").update(is_deprecated=True)
    assert warnings(post, "a") == []


def test_tags_that_stay_because_others_imply_them_are_named():
    make_implication("a", "b")
    make_implication("a", "c")
    post = make_post("a")
    message = "[[b]] and [[c]] could not be removed. Check for implications and try again"
    assert warnings(post, "-b -c") == [message]
    edit = TagEdit.between("a b c", "a c")
    result = PostEditor(make_user()).edit_post(post, edit)
    assert result.warnings == ("[[b]] could not be removed. Check for implications and try again",)
    assert warnings(post, "-a -b -c d") == []


def test_the_end_that_could_not_be_read_is_shown():
    assert warnings(make_post("a"), "b -rating:s c") == [
        "The edit could not be read from here on: -rating:s c"
    ]
