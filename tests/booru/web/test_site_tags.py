from datetime import timedelta

import pytest
from django.utils import timezone

from booru.models import Level, Tag, User
from booru.templatetags.site import age, compact, posts_url, search_url, tag_link, time_ago, user_link


@pytest.mark.parametrize(
    ("seconds", "text"),
    [
        (0, "less than a minute"),
        (60, "1 minute"),
        (3599, "59 minutes"),
        (7200, "2 hours"),
        (86400 * 3, "3 days"),
        (86400 * 65, "2 months"),
        (86400 * 800, "2 years"),
    ],
)
def test_ages(seconds, text):
    assert age(timedelta(seconds=seconds)) == text


@pytest.mark.parametrize(
    ("number", "text"),
    [(0, "0"), (999, "999"), (1000, "1k"), (1250, "1.2k"), (15_400, "15k"), (6_300_000, "6.3M")],
)
def test_compact_counts(number, text):
    assert compact(number) == text


def test_times_are_elements_with_the_exact_time():
    html = time_ago(timezone.now() - timedelta(hours=2, seconds=5))
    assert html.startswith('<time datetime="')
    assert html.endswith(">2 hours ago</time>")
    assert ">in 1 hour<" in time_ago(timezone.now() + timedelta(hours=1, seconds=5))
    assert time_ago(None) == ""


def test_user_names_are_coloured_by_level_and_escaped():
    html = user_link(User(pk=5, name="<b>_x", level=Level.BUILDER))
    assert html == '<a class="user user-builder" href="/users/5">&lt;b&gt; x</a>'


def test_tags_are_coloured_by_category():
    html = tag_link(Tag(name="hakurei_reimu", category=4))
    assert html == '<a class="tag tag-character" href="/posts?tags=hakurei_reimu">hakurei reimu</a>'


def test_addresses_are_encoded():
    assert posts_url("a&b") == "/posts?tags=a%26b"
    assert search_url("bulk_update_requests", "user_id", 5) == "/bulk_update_requests?search%5Buser_id%5D=5"
