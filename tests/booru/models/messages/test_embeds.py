import pytest

from booru.models.messages.embeds import embed_errors
from tests.support.factories import PostFactory

pytestmark = pytest.mark.django_db

MEGABYTE = 1024 * 1024


@pytest.mark.parametrize(
    ("text", "errors"),
    [
        (":smile:\n" * 5, []),
        (":smile:\n" * 6, ["can't include more than 5 stickers"]),
        (":smile: " * 100 + ".", []),
        (":smile: " * 101 + ".", ["can't include more than 100 emojis"]),
        (
            ":smile:\n" * 6 + ":smile: " * 101 + ".",
            ["can't include more than 5 stickers", "can't include more than 100 emojis"],
        ),
        ("!post #1\n" * 5, []),
        ("!post #1\n" * 6, ["can't include more than 5 images"]),
        ("!post #1\n!asset #1\n" * 3, ["can't include more than 5 images"]),
        ("* !post #1\r\n** !POST #1\r\n" * 3, ["can't include more than 5 images"]),
    ],
)
def test_a_text_shows_so_much_and_no_more(text, errors):
    assert embed_errors(text) == errors


@pytest.mark.parametrize(
    ("file_ext", "file_size", "allowed"),
    [
        ("mp4", MEGABYTE, True),
        ("mp4", MEGABYTE + 1, False),
        ("webm", MEGABYTE + 1, False),
        ("jpg", MEGABYTE + 1, True),
    ],
)
def test_a_video_must_be_small(file_ext, file_size, allowed):
    post = PostFactory(file_ext=file_ext, file_size=file_size)
    errors = embed_errors(f"!post #{post.pk}")
    assert errors == ([] if allowed else ["can't include videos larger than 1 MB"])


@pytest.mark.parametrize(("rating", "allowed"), [("g", True), ("s", True), ("q", False), ("e", False)])
def test_a_picture_must_be_safe_for_work(rating, allowed):
    post = PostFactory(rating=rating)
    assert embed_errors(f"See\n!post #{post.pk}: this") == ([] if allowed else ["can't include NSFW images"])


def test_too_many_pictures_are_not_looked_at_one_by_one():
    post = PostFactory(rating="e", file_ext="mp4", file_size=MEGABYTE + 1)
    assert embed_errors(f"!post #{post.pk}\n" * 6) == ["can't include more than 5 images"]
    assert embed_errors(f"!post #{post.pk}\n" * 5) == [
        "can't include videos larger than 1 MB",
        "can't include NSFW images",
    ]
