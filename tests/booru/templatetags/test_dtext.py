from django.template import Context, Template


def rendered(template: str, body: str) -> str:
    return Template("{% load dtext %}" + template).render(Context({"body": body}))


def test_text_is_rendered_once_and_not_escaped_again():
    assert rendered("{{ body|dtext }}", "[b]1 < 2[/b]") == "<p><strong>1 &lt; 2</strong></p>"


def test_text_in_emails_has_absolute_links():
    assert 'href="http://localhost:8000/wiki_pages/a"' in rendered("{{ body|dtext_absolute }}", "[[a]]")
