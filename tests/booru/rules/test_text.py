import pytest

from booru.rules.text import (
    dtext_attribute,
    is_invisible,
    normalize_whitespace,
    title_attribute,
    visible_text_errors,
)


def test_zero_width_characters_go_but_the_emoji_joiner_stays():
    assert normalize_whitespace("a\u200bb\u2060c\ufeffd\u180ee\u200cf") == "abcdef"
    assert normalize_whitespace("\U0001f469\u200d\U0001f680") == "\U0001f469\u200d\U0001f680"


def test_every_space_and_tab_becomes_one_ascii_space_each():
    assert normalize_whitespace("a\tb\u00a0c\u3000d\u2003e  f") == "a b c d e  f"


@pytest.mark.parametrize("end", ["\r\n", "\r", "\n", "\v", "\f", "\u0085", "\u2028", "\u2029"])
def test_every_line_ending_becomes_the_chosen_one(end):
    assert normalize_whitespace(f"a{end}b") == "a\nb"
    assert normalize_whitespace(f"a{end}b", eol="\r\n") == "a\r\nb"


@pytest.mark.parametrize(
    "text", ["", " ", "\n\t", "\u200b", "\u2800", "\u3164", "\u00ad\u200d \ufe0f", "\U000e0041"]
)
def test_text_of_nothing_but_blanks_is_invisible(text):
    assert is_invisible(text)


@pytest.mark.parametrize("text", ["a", " . ", "\U0001f469\u200d\U0001f680", "\u3042"])
def test_text_with_something_to_see_is_visible(text):
    assert not is_invisible(text)


def test_markup_is_saved_composed_with_crlf_and_nothing_around_it():
    assert dtext_attribute(" cafe\u0301\nb\r\nc \n") == "caf\u00e9\r\nb\r\nc"


def test_a_title_is_saved_composed_with_lf_and_nothing_around_it():
    assert title_attribute("\t cafe\u0301\r\nb ") == "caf\u00e9\nb"


def test_text_must_be_seen_and_fit():
    assert visible_text_errors("\u200b", 3) == ["can't be blank"]
    assert visible_text_errors("abcd", 3) == ["is too long (maximum is 3 characters)"]
    assert visible_text_errors("abc", 3) == []
