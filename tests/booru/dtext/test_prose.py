import time

import pytest

from booru.dtext.prose import mention_excerpt, mentioned_names, own_paragraphs
from tests.support.waiting import PATIENCE


@pytest.mark.parametrize(
    ("text", "paragraphs"),
    [
        ("", []),
        ("one\r\n\r\ntwo\n\n\nthree", ["one", "two", "three"]),
        ("one\nstill one", ["one\nstill one"]),
        ("[quote]\nalice said:\n\nhello\n[/quote]\n\nhi", ["hi"]),
        ("a [quote]b[quote]c[/quote]d[/quote] e", ["a", "e"]),
        ("a[/quote]b", ["a", "b"]),
        ("a\n\n[quote]never closed", ["a"]),
        ("[code]\na\n\nb\n[/code]", ["[code]\na\n\nb\n[/code]"]),
        ("[code]\na\n\nb", ["[code]\na\n\nb[/code]"]),
        ("[expand=more]a[/expand]", ["[expand=more]a[/expand]"]),
    ],
)
def test_paragraphs_are_what_is_outside_quotes(text, paragraphs):
    assert own_paragraphs(text) == paragraphs


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("@alice and @Bob, and @ALICE again", ["alice", "bob"]),
        ("<@a.b-c>", ["a.b-c"]),
        ("[quote]@alice[/quote] @bob", ["bob"]),
        ("[quote]\n[quote]@alice[/quote]\n@bob\n[/quote]", []),
        ("[code]@alice[/code]", []),
        ("mail@alice.com, a/@bob", []),
        ('"@alice":/posts and [[@bob]]', []),
        ("nobody", []),
    ],
)
def test_mentions_are_the_links_to_users_outside_quotes_and_code(text, names):
    assert mentioned_names(text) == names


@pytest.mark.parametrize(
    ("text", "excerpt"),
    [
        ("hi @bob", "hi @bob"),
        ("one\n\n@bob\n\nthree", "one\n\n@bob\n\nthree"),
        ("one\n\ntwo\n\n@bob\n\nfour\n\nfive", "[...]\n\ntwo\n\n@bob\n\nfour\n\n[...]"),
        ("@bob\n\ntwo\n\nthree", "@bob\n\ntwo\n\n[...]"),
        ("one\n\ntwo\n\n@bob", "[...]\n\ntwo\n\n@bob"),
        ("[quote]@bob\n\nwhat?[/quote]\n\n@Bob: yes", "@Bob: yes"),
        ("@bob " + "x" * 5000, "@bob " + "x" * 2995 + " [...]"),
    ],
)
def test_an_excerpt_is_the_paragraph_with_the_mention_and_its_neighbours(text, excerpt):
    assert mention_excerpt(text, "bob") == excerpt


@pytest.mark.parametrize(
    "text", ["[quote]" * 20_000, "@a " * 50_000, "[code]" * 30_000, "\n\n" * 80_000, "<@" * 90_000]
)
def test_any_text_is_read_quickly(text):
    start = time.monotonic()
    mentioned_names(text)
    own_paragraphs(text)
    # One that goes over the text again for each of its marks takes hours.
    assert time.monotonic() - start < PATIENCE
