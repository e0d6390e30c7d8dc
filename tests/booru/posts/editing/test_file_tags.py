import pytest

from booru.models import Post
from booru.posts.editing.editor import PostEditor
from booru.posts.tag_edits.tag_edit import TagEdit
from tests.support.tag_factories import make_post, make_user

pytestmark = pytest.mark.django_db


def tags_of(tags="a", width=0, height=0, ext="", **fields):
    post = make_post(tags, **fields)
    Post.objects.filter(pk=post.pk).update(image_width=width, image_height=height, file_ext=ext)
    PostEditor(make_user()).edit_post(post, TagEdit())
    return post.tag_string


@pytest.mark.parametrize(
    ("width", "height", "tags"),
    [
        (500, 500, "a lowres"),
        (501, 500, "a"),
        (1599, 1199, "a"),
        (1600, 1000, "a highres"),
        (1000, 1200, "a highres"),
        (3200, 2399, "a absurdres highres"),
        (3199, 2400, "a absurdres highres"),
        (10_000, 3000, "a absurdres highres incredibly_absurdres"),
        (1024, 256, "a wide_image"),
        (1023, 255, "a"),
        (256, 1024, "a tall_image"),
    ],
)
def test_the_size_of_the_image(width, height, tags):
    assert tags_of("a", width, height) == tags


@pytest.mark.parametrize(
    ("ext", "tags"), [("swf", "a flash"), ("mp4", "a video"), ("webm", "a video"), ("zip", "a ugoira")]
)
def test_the_type_of_the_file(ext, tags):
    assert tags_of("a", ext=ext) == tags


def test_what_is_not_true_of_the_file_goes():
    assert tags_of("a highres lowres video non-web_source", 600, 600, "jpg") == "a"


def test_what_is_not_known_stays():
    assert tags_of("a highres video") == "a highres video"


def test_a_source_that_is_no_address():
    assert tags_of(source="some book") == "a non-web_source"
    assert tags_of(source="https://example.com") == "a"


def test_tagme_stands_in_for_tags():
    assert tags_of("", 600, 600) == "tagme"
    assert tags_of("a tagme") == "a tagme"
    many = " ".join(f"t{number:02}" for number in range(29))
    assert tags_of(f"{many} tagme") == many
