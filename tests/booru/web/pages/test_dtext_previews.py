import pytest

from booru.models.forum import forum_post
from booru.models.messages import dmail
from booru.models.moderation import ban, user_feedback
from booru.models.pages import pool, wiki_page

LIMITS = {
    "wiki_page[body]": wiki_page.MAX_BODY,
    "pool[description]": pool.MAX_DESCRIPTION,
    "dmail[body]": dmail.MAX_BODY,
    "user_feedback[body]": user_feedback.MAX_BODY,
    "ban[reason]": ban.MAX_REASON,
    "body": forum_post.MAX_BODY,
}


@pytest.mark.parametrize("field", LIMITS)
def test_a_preview_takes_as_much_as_the_field(field, browser, member):
    response = browser(member).post("/dtext_preview", {field: "[b]" + "x" * (LIMITS[field] - 3)})
    assert response.status_code == 200
    assert "<strong>xxx" in response.content.decode()


@pytest.mark.parametrize("field", LIMITS)
def test_a_preview_refuses_what_the_field_would_refuse(field, browser, member):
    response = browser(member).post("/dtext_preview", {field: "x" * (LIMITS[field] + 1)})
    assert response.status_code == 422
    assert f"That is too long (maximum is {LIMITS[field]} characters)" in response.content.decode()
