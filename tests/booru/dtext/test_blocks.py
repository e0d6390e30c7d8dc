import pytest
from django.utils.safestring import SafeString

from booru.dtext import render


@pytest.mark.parametrize(
    ("text", "html"),
    [
        ("", ""),
        (" \n\n ", ""),
        ("a", "<p>a</p>"),
        ("a\nb", "<p>a<br>\nb</p>"),
        ("a\r\nb\r\n\r\nc", "<p>a<br>\nb</p><p>c</p>"),
        ("a\n \n\n\nb", "<p>a</p><p>b</p>"),
        ("[quote]\na\n\nb\n[/quote]\n\nc", "<blockquote><p>a</p><p>b</p></blockquote><p>c</p>"),
        (
            "[quote]a[quote]b[/quote][/quote]",
            "<blockquote><p>a</p><blockquote><p>b</p></blockquote></blockquote>",
        ),
        ("[QUOTE]a", "<blockquote><p>a</p></blockquote>"),
        ("a[/quote]", "<p>a</p><p>[/quote]</p>"),
        ("[expand]\na\n[/expand]", "<details><summary>Show</summary><div><p>a</p></div></details>"),
        ("[expand=<More>]a", "<details><summary>&lt;More&gt;</summary><div><p>a</p></div></details>"),
        (
            "[quote][expand]a[/quote]b",
            "<blockquote><details><summary>Show</summary><div><p>a</p></div></details></blockquote><p>b</p>",
        ),
        ("a [code]\n<b> [b]\n\n[quote]\n[/code] c", "<p>a</p><pre>&lt;b&gt; [b]\n\n[quote]</pre><p>c</p>"),
        ("[code]a", "<pre>a</pre>"),
        ("[/code]", "<p>[/code]</p>"),
        ("a[hr]b", "<p>a</p><hr><p>b</p>"),
        ("h4. A [b]B\ntext", "<h4>A <strong>B</strong></h4><p>text</p>"),
        ("* a\n* b\ntext", "<ul><li>a</li><li>b</li></ul><p>text</p>"),
        ("* a\n** b\n* c", "<ul><li>a<ul><li>b</li></ul></li><li>c</li></ul>"),
        ("*a*", "<p>*a*</p>"),
        ("** a", "<ul><li><ul><li>a</li></ul></li></ul>"),
        ("h1. \n* ", "<p>h1. <br>\n*</p>"),
    ],
)
def test_blocks(text, html):
    assert render(text) == html


def test_the_result_may_stand_in_a_template():
    assert isinstance(render("<b>"), SafeString)
    assert render(SafeString("<b>")) == "<p>&lt;b&gt;</p>"


def test_an_embed_stands_where_it_is_written():
    asked = []

    def embed(kind, record_id):
        asked.append((kind, record_id))
        return "is [b]pending\n\n[quote]x"

    html = render("[bur:12]\n\nbecause", embed=embed)
    assert asked == [("bur", 12)]
    embedded = "<p>is <strong>pending</strong></p><blockquote><p>x</p></blockquote>"
    assert html == f'<div class="dtext-embed">{embedded}</div><p>because</p>'


@pytest.mark.parametrize("embed", [None, lambda *_: None])
def test_what_cannot_be_embedded_is_a_link(embed):
    html = '<p><a class="dtext-bur-id-link" href="/bulk_update_requests/12">BUR #12</a></p>'
    assert render("[bur:12]", embed=embed) == html
    assert 'href="/tag_aliases/12">alias #12<' in render("[TA:12]", embed=embed)
    assert 'href="/tag_implications/12">implication #12<' in render("[ti:12]", embed=embed)


def test_an_embed_embeds_nothing_itself():
    assert render("[bur:1]", embed=lambda *_: "[bur:1]").count("BUR #1") == 1
