"""Whatever people type, DText becomes harmless HTML, in a time that does not explode."""

import re
import time

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from booru.dtext import render
from tests.booru.dtext.html import read

PIECES = [
    *(
        "[b]",
        "[/b]",
        "[i]",
        "[/i]",
        "[s]",
        "[tn]",
        "[quote]",
        "[/quote]",
        "[expand]",
        "[expand=",
        "[/expand]",
    ),
    *(
        "[code]",
        "[/code]",
        "[hr]",
        "[bur:1]",
        "[[",
        "]]",
        "|",
        "{{",
        "}}",
        '"',
        ":",
        "/",
        "//",
        "\\",
        "#",
        "@",
    ),
    *("<", ">", "&", "'", "http://", "https://", "javascript:", "data:", "a", "1", "(", ")", ".", " ", "\n"),
    *("h1. ", "* ", "** ", "post #", "forum #1", "<script>", "<!--", "<a href=", "onclick=", "\u2028", "\r"),
    *('"x":[', '"x":', "../", "\t", "\0", "\ud800"),
]
DTEXT = st.lists(st.sampled_from(PIECES) | st.text(max_size=3), max_size=60).map("".join) | st.text()
TAGS = {
    *(
        "a",
        "p",
        "br",
        "hr",
        "strong",
        "em",
        "u",
        "s",
        "small",
        "pre",
        "blockquote",
        "details",
        "summary",
        "div",
    ),
    *("ul", "li", "h1", "h2", "h3", "h4", "h5", "h6"),
}
LINK = re.compile(r"https?://|/(?![/\\])|#")


def assert_harmless(html: str) -> None:
    page = read(html)
    assert page.is_well_formed, html
    assert page.tags <= TAGS
    assert page.attributes.keys() <= {"href", "class", "rel"}
    assert all(LINK.match(href) for href in page.attributes.get("href", ()))
    assert all(name.startswith("dtext-") for name in page.attributes.get("class", ()))


@given(DTEXT)
@example('"x"://evil.example')
@example('"x":[/\\evil.example]')
@example('"x":[javascript:alert(1)]')
@example('http://"onclick="alert(1)')
@example("<a href=x>[b]<b>[code]</pre><script>")
@example("[[<b>|<i>]] {{<b>|<i>}} <@<b>> [expand=<b>]")
def test_any_text_becomes_harmless_html(text):
    assert_harmless(render(text))
    assert_harmless(render(text, absolute=True))


@given(DTEXT, DTEXT)
def test_an_embedded_text_changes_nothing_around_it(embedded, after):
    html = render(f"[bur:1]\n\n{after}", embed=lambda *_: embedded)
    assert_harmless(html)
    assert html.startswith('<div class="dtext-embed">')
    if "[bur:1]" not in after.lower():
        assert html.endswith("</div>" + render(after))


@given(st.text(alphabet="ab &<>\"'\u00e9"))
def test_text_without_markup_is_only_escaped(text):
    assert read(render(text)).text == text.strip()


@pytest.mark.parametrize(
    "piece", [*PIECES, '"a', '"a":/x.', "[[a|", "a@", "@a.", "\n \n", "****** a\n", "http://)"]
)
def test_long_text_takes_no_longer_than_its_length(piece):
    seconds = []
    for length in (50_000, 100_000):
        text = piece * (length // len(piece))
        start = time.process_time()
        render(text)
        seconds.append(time.process_time() - start)
    # Twice the text, twice the time; Squared, it would be four times.
    assert seconds[1] < 3 * seconds[0] + 5
    assert seconds[1] < 60


def test_nesting_ends_somewhere():
    page = read(render("[quote]" * 1000 + "x"))
    assert page.is_well_formed
    assert page.text.count("[quote]") == 980


def test_a_page_does_not_grow_without_bounds_from_what_it_embeds():
    html = render("[bur:1]" * 1000, embed=lambda *_: "x" * 1000)
    assert html.count("x" * 1000) == 20
    assert html.count("BUR #1") == 980
