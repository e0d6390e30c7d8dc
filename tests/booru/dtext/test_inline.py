import pytest

from booru.dtext import render
from tests.booru.dtext.html import read


def inline(text: str) -> str:
    return render(text).removeprefix("<p>").removesuffix("</p>")


def link(text: str, *, absolute: bool = False) -> tuple[str, str]:
    """Where the only link leads, and the text of the whole."""
    page = read(render(text, absolute=absolute))
    (href,) = page.attributes["href"]
    return href, page.text


@pytest.mark.parametrize(
    ("text", "html"),
    [
        ("[b]a[/b] [I]b[/I]", "<strong>a</strong> <em>b</em>"),
        ("[u]a[/u] [s]b[/s] [tn]c[/tn]", "<u>a</u> <s>b</s> <small>c</small>"),
        ("[b][i]a[/i][/b]", "<strong><em>a</em></strong>"),
        ("[b]a", "<strong>a</strong>"),
        ("a[/b]", "a[/b]"),
        ("[b]a[i]b[/b]c[/i]", "<strong>a<em>b[/b]c</em></strong>"),
        ("[b][b]a[/b]", "<strong>[b]a</strong>"),
        ("1 < 2 & 3 > 2", "1 &lt; 2 &amp; 3 &gt; 2"),
        ("[x] [b ]", "[x] [b ]"),
    ],
)
def test_emphasis(text, html):
    assert inline(text) == html


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("[[Hakurei Reimu]]", ("/wiki_pages/hakurei_reimu", "Hakurei Reimu")),
        ("[[a_b|the page]]", ("/wiki_pages/a_b", "the page")),
        ("[[foo (bar) (baz)|]]", ("/wiki_pages/foo_(bar)_(baz)", "foo")),
        ("[[(bar)|]]", ("/wiki_pages/(bar)", "(bar)")),
        ("[[fate/zero]]", ("/wiki_pages/fate%2Fzero", "fate/zero")),
        ("[[a?b#c%d]]", ("/wiki_pages/a%3Fb%23c%25d", "a?b#c%d")),
        ("[[\u685c]]", ("/wiki_pages/%E6%A1%9C", "\u685c")),
        ("{{solo -touhou}}", ("/posts?tags=solo+-touhou", "solo -touhou")),
        ("{{a|these}}", ("/posts?tags=a", "these")),
        ("{{a&b=c}}", ("/posts?tags=a%26b%3Dc", "a&b=c")),
        ('"BUR #1":/bulk_update_requests/1', ("/bulk_update_requests/1", "BUR #1")),
        ('("here":/posts?tags=a).', ("/posts?tags=a", "(here).")),
        ('"here":[/a(b)c,d.]', ("/a(b)c,d.", "here")),
        ('"here":#below', ("#below", "here")),
        ('"here":https://example.com/x', ("https://example.com/x", "here")),
        ("see https://example.com/a_(b).", ("https://example.com/a_(b)", "see https://example.com/a_(b).")),
        ("(https://example.com/a)", ("https://example.com/a", "(https://example.com/a)")),
        ("<https://example.com/a.>", ("https://example.com/a.", "https://example.com/a.")),
        ("https://example.com/?a=1&b=<c>", ("https://example.com/?a=1&b=", "https://example.com/?a=1&b=<c>")),
        ("by @albert.", ("/users?search%5Bname_matches%5D=albert", "by @albert.")),
        ("<@a.b-c>", ("/users?search%5Bname_matches%5D=a.b-c", "@a.b-c")),
        ("(forum #12)", ("/forum_posts/12", "(forum #12)")),
        ("Post #1", ("/posts/1", "Post #1")),
        ("topic #1", ("/forum_topics/1", "topic #1")),
        ("dmail #1", ("/dmails/1", "dmail #1")),
        ("BUR #1", ("/bulk_update_requests/1", "BUR #1")),
        ("user #1", ("/users/1", "user #1")),
    ],
)
def test_links(text, expected):
    assert link(text) == expected


@pytest.mark.parametrize(
    "text",
    [
        *('"x"://evil.example', '"x":[//evil.example]', '"x":[/\\evil.example]', '"x":[javascript:alert(1)]'),
        *("someone@example.com", "@", "repost #1", "post #1a", "[[]]", "[[ ]]", "{{}}", "xhttp://a.example"),
        *("[[a\nb]]", '"a\nb":/c', "post#1"),
    ],
)
def test_what_is_no_link(text):
    assert "href" not in read(render(text)).attributes


def test_links_to_other_sites_give_them_no_credit():
    assert 'rel="external nofollow noreferrer"' in render("https://example.com")


@pytest.mark.parametrize(
    ("text", "href"),
    [
        ("[[a]]", "https://booru.example/wiki_pages/a"),
        ('"a":/b', "https://booru.example/b"),
        ("@alice", "https://booru.example/users?search%5Bname_matches%5D=alice"),
        ("https://example.com/a", "https://example.com/a"),
    ],
)
def test_links_in_emails_have_the_sites_address(settings, text, href):
    settings.DANBOORU_CANONICAL_URL = "https://booru.example"
    assert link(text, absolute=True)[0] == href


@pytest.mark.parametrize(
    ("text", "path"),
    [
        ("pool #1", "/pools/1"),
        ("Artist #2", "/artists/2"),
        ("tag #3", "/tags/3"),
        ("alias #4", "/tag_aliases/4"),
        ("implication #5", "/tag_implications/5"),
    ],
)
def test_records_of_every_kind_are_linked(text, path):
    assert f'href="{path}">{text}</a>' in render(text)


def test_a_pool_is_linked_as_a_search():
    assert 'href="/posts?tags=pool%3Acute_pool">pool:cute_pool</a>' in render("{{pool:cute_pool}}")
