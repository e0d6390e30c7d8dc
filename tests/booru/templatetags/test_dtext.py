from django.template import Context, Template


def rendered(template: str, body: str) -> str:
    return Template("{% load dtext %}" + template).render(Context({"body": body}))


def test_text_is_rendered_once_and_not_escaped_again():
    assert rendered("{{ body|dtext }}", "[b]1 < 2[/b]") == "<p><strong>1 &lt; 2</strong></p>"


def test_text_in_emails_has_absolute_links():
    assert 'href="http://localhost:8000/wiki_pages/a"' in rendered("{{ body|dtext_absolute }}", "[[a]]")


def test_the_links_of_a_text_are_listed_once_each():
    body = '[[a&b]] [[a&b]] "there":/posts?page=1&tags=x https://x.example/?a=1&b=2 [b]no link[/b]'
    listed = rendered(
        "{% autoescape off %}{% for url in body|dtext_urls %}{{ url }} {% endfor %}{% endautoescape %}", body
    )
    assert listed.split() == [
        "http://localhost:8000/wiki_pages/a&b",
        "http://localhost:8000/posts?page=1&tags=x",
        "https://x.example/?a=1&b=2",
    ]
