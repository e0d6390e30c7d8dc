"""What `[bur:1]`, `[ta:1]` and `[ti:1]` become in forum posts."""

import re

import pytest

from booru.models import BulkUpdateRequest
from booru.web.forum.embeds import Embeds
from tests.support.factories import TagFactory, UserFactory
from tests.support.tag_factories import make_alias, make_implication, make_request

pytestmark = pytest.mark.django_db


def shown(body):
    """The text that one reads."""
    return re.sub(r"<[^>]+>", " ", Embeds([body]).render(body)).split()


def words(text):
    return text.split()


@pytest.mark.parametrize(
    ("status", "text"),
    [
        ("pending", "is pending approval."),
        ("approved", "has been approved by @anna ."),
        ("rejected", "has been rejected."),
        ("processing", "is being processed."),
        ("failed", "has failed."),
    ],
)
def test_a_request_tells_its_state_and_its_script(status, text):
    bur = make_request("alias aaa -> bbb")
    BulkUpdateRequest.objects.update(status=status, approver=UserFactory(name="anna"))
    assert shown(f"[bur:{bur.pk}]") == words(f"BUR #{bur.pk} {text} create alias aaa -&gt; bbb")


def test_a_long_script_is_folded_away():
    bur = make_request("\n".join(f"create alias tag_number_{n} -> tag_{n}" for n in range(20)))
    body = f"[bur:{bur.pk}]"
    assert "<details>" in Embeds([body]).render(body)


@pytest.mark.parametrize(
    ("status", "text"), [("active", "approved"), ("retired", "retired"), ("deleted", "rejected")]
)
def test_relations_tell_their_state(status, text):
    alias, implication = make_alias("aaa", "bbb", status=status), make_implication("a", "b", status=status)
    pair = f"tag alias #{alias.pk} aaa -&gt; bbb has been {text}."
    assert shown(f"[ta:{alias.pk}]") == words(pair)
    pair = f"tag implication #{implication.pk} a -&gt; b has been {text}."
    assert shown(f"[TI:{implication.pk}]") == words(pair)


def test_what_is_not_there_says_so():
    assert shown("[bur:7]") == words("bulk update request #7 does not exist.")
    assert shown("[ta:7]") == words("tag alias #7 does not exist.")
    assert shown("[ti:999999999999999999]") == words("tag implication #999999999999999999 does not exist.")


def test_tags_are_in_their_colours_and_all_is_read_at_once(django_assert_num_queries):
    TagFactory(name="bbb", category=4)
    alias, implication = make_alias("aaa", "bbb"), make_implication("bbb", "ccc")
    bodies = [f"[ta:{alias.pk}] [ti:{implication.pk}]", f"[ta:{alias.pk}]"]
    with django_assert_num_queries(3):
        embeds = Embeds(bodies)
        html = "".join(embeds.render(body) for body in bodies)
    assert html.count("tag-character") == 3
