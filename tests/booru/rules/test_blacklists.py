import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from booru.rules.blacklists import DEFAULT, Blacklist, blacklist_errors
from booru.rules.tag_lists import favorite_tags_errors, trimmed_lines


def hides(blacklist: str, words: str) -> bool:
    return Blacklist.parse(blacklist).hides(set(words.split()))


@pytest.mark.parametrize(
    ("blacklist", "hidden", "shown"),
    [
        ("guro", "guro solo", "gurometer solo"),
        ("GURO", "guro", "solo"),
        ("furry -rating:g", "furry rating:e", "furry rating:g"),
        ("furry rating:explicit", "furry rating:e", "furry rating:q"),
        ("a b", "a b c", "a c"),
        ("a\nb", "b", "c"),
        ("a ~b ~c", "a c", "a"),
        ("~b ~c", "c", "a"),
        ("-a", "b", "a b"),
        ("status:deleted", "a status:deleted", "a status:active"),
        ("a -b -c", "a", "a c"),
    ],
)
def test_a_rule_hides_the_posts_that_it_fits(blacklist, hidden, shown):
    assert hides(blacklist, hidden)
    assert not hides(blacklist, shown)


@pytest.mark.parametrize("blacklist", ["", " ", "\n\n", "-", "~"])
def test_a_rule_without_words_hides_nothing(blacklist):
    assert not hides(blacklist, "a b")


def test_new_users_hide_what_danboorus_new_users_do():
    assert DEFAULT.split("\n") == ["guro", "scat", "furry -rating:g"]


@given(st.text(max_size=200), st.sets(st.text(max_size=5), max_size=5))
def test_any_text_is_a_blacklist(text, words):
    Blacklist.parse(text).hides(words)


def test_a_long_blacklist_costs_little():
    blacklist = Blacklist.parse("\n".join(f"tag{number}" for number in range(5000)))
    words = {f"other{number}" for number in range(50)}
    start = time.process_time()
    for _ in range(1000):
        blacklist.hides(words)
    assert time.process_time() - start < 20


@pytest.mark.parametrize(
    ("text", "errors"),
    [
        ("x" * 100_000, []),
        ("x" * 100_001, ["is too long (maximum is 100000 characters)"]),
        ("\n".join(["x"] * 5000), []),
        ("\n".join(["x"] * 5001), ["can't have more than 5000 lines", "can't have more than 5000 words"]),
        (" ".join(["x"] * 5001), ["can't have more than 5000 words"]),
    ],
)
def test_a_blacklist_has_limits(text, errors):
    assert blacklist_errors(text) == errors


@pytest.mark.parametrize(
    ("text", "errors"),
    [
        ("x" * 10_000, []),
        ("x" * 10_001, ["is too long (maximum is 10000 characters)"]),
        (" ".join(["x"] * 1000), []),
        (" ".join(["x"] * 1001), ["can't have more than 1000 words"]),
        ("\n".join(["x"] * 1000), []),
    ],
)
def test_favorite_tags_have_limits(text, errors):
    assert favorite_tags_errors(text) == errors


def test_lines_are_trimmed_when_they_are_saved():
    assert trimmed_lines("  a b \r\n\tc  \n\n") == "a b\nc"
