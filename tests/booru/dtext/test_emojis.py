import pytest

from booru.dtext import render
from booru.dtext.emojis import EMOJIS, count_emojis
from tests.booru.dtext.html import read

SMILE = EMOJIS["smile"]


@pytest.mark.parametrize("text", ["Hi :smile:!", "Hi :SMILE:!", "* Hi :smile:", "[b]:smile:[/b] a"])
def test_an_emoji_in_a_text_is_a_picture(text):
    page = read(render(text))
    assert SMILE in page.text
    assert page.attributes["title"] == {":smile:"}
    assert "dtext-sticker" not in page.attributes["class"]


@pytest.mark.parametrize(
    "text", ["12:smile:30", "a:smile:", ":smile:d", "::smile::", ":unknown:", "[code]:smile:[/code]"]
)
def test_what_only_looks_like_one_stays_text(text):
    assert SMILE not in render(text)


@pytest.mark.parametrize("text", [":smile:", "Look:\n:smile:\nbye", "a\n\n  :smile:  "])
def test_an_emoji_with_a_line_to_itself_is_a_sticker(text):
    page = read(render(text))
    assert "dtext-sticker" in page.attributes["class"]
    assert page.is_well_formed


@pytest.mark.parametrize(
    ("text", "counts"),
    [
        ("", (0, 0)),
        (":smile:", (1, 0)),
        (":smile: :smile:", (0, 2)),
        (":smile:\r\n:heart:\r\nand :fire:", (2, 1)),
        ("a :smile:\n :cat: \n", (1, 1)),
        (":nothing:", (0, 0)),
    ],
)
def test_stickers_and_emojis_are_counted_apart(text, counts):
    assert count_emojis(text) == counts
