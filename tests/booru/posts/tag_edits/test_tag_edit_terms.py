import time

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from booru.posts.tag_edits.tag_edit_terms import Metatag, Tag, read_terms
from booru.rules.metatags import EDIT_METATAGS


@pytest.mark.parametrize(
    ("text", "terms", "unread"),
    [
        ("A art:Foo -pool:x", [Tag("a"), Metatag("art", "foo"), Metatag("-pool", "x")], ""),
        ("a -rating:s b", [Tag("a")], "-rating:s b"),
        ('a newpool:"x b', [Tag("a")], 'newpool:"x b'),
        ('a newpool:"x y" b', [Tag("a"), Metatag("newpool", "x_y"), Tag("b")], ""),
        ("ch:foo b", [Metatag("ch", "foo"), Tag("b")], ""),
        ("char:copy:blah", [Metatag("char", "copy:blah")], ""),
        ("foo:bar upvote:self", [Tag("foo:bar"), Metatag("upvote", "self")], ""),
        ("a source: b", [Tag("a"), Metatag("source", ""), Tag("b")], ""),
        ("a - b", [Tag("a")], "- b"),
    ],
)
def test_worked_examples(text, terms, unread):
    assert read_terms(text) == (terms, unread)


@pytest.mark.parametrize(
    ("text", "terms"),
    [
        ('source:"a \\" B"', [Metatag("source", 'a " B')]),
        ("source:'it\\'s  here' x", [Metatag("source", "it's  here"), Tag("x")]),
        ("source:A\\ b\\ c d", [Metatag("source", "A b c"), Tag("d")]),
        ("SOURCE:X", [Metatag("source", "X")]),
        ('pool:"A b"c', [Metatag("pool", "a_b"), Tag("c")]),
        ("newpool:My\\ Pool", [Metatag("newpool", "My_Pool")]),
        ("-fav:x -status:banned", [Metatag("-fav", "x"), Metatag("-status", "banned")]),
        ("a\u3000b\t\n-c", [Tag("a"), Tag("b"), Tag("c", is_removed=True)]),
        ('-"x --y', [Tag('"x', is_removed=True), Tag("-y", is_removed=True)]),
        ("\u017fource:x", [Tag("\u017fource:x")]),
    ],
)
def test_values_and_spaces(text, terms):
    assert read_terms(text) == (terms, "")


@pytest.mark.parametrize(
    "term", ["-", "-source:x", "-artist:x", "--pool:x", "-newpool:x", "-upvote:x", "pool:'x", 'source:"a\\"']
)
def test_reading_stops_at_what_is_no_term(term):
    assert read_terms(f"a {term} b") == ([Tag("a")], f"{term} b")


pieces = st.sampled_from(
    [*(f"{name}:" for name in EDIT_METATAGS), '"', "'", "\\", " ", "-", "a", "B", "\u3000"]
)


@given(st.one_of(st.text(), st.lists(pieces).map("".join)))
@example("\\" * 50)
def test_any_text_can_be_read_and_what_is_not_read_is_kept(text):
    terms, unread = read_terms(text)
    assert all(isinstance(term, Tag | Metatag) for term in terms)
    assert " ".join(unread.split()) in " ".join(text.split())
    assert terms or unread or not text.strip()


@pytest.mark.parametrize("piece", ['\\"', "\\ ", "-", 'source:"', "source:\\", "a ", " ", "'", "pool:'\\'"])
def test_long_texts_are_read_in_one_go(piece):
    started = time.process_time()
    read_terms(f'source:"{piece * 100_000}')
    read_terms(piece * 100_000)
    assert time.process_time() - started < 60
