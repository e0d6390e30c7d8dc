from contextlib import contextmanager
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest
from django.urls import get_script_prefix, set_script_prefix
from django.utils import timezone

from booru.models import Level, Tag, User
from booru.templatetags.site import (
    changed_tags,
    compact,
    exact_time,
    posts_url,
    record_url,
    search_url,
    tag_link,
    user_link,
)


@contextmanager
def site_in_folder(prefix):
    before = get_script_prefix()
    set_script_prefix(prefix)
    try:
        yield
    finally:
        set_script_prefix(before)


@pytest.mark.parametrize(
    ("number", "text"),
    [(0, "0"), (999, "999"), (1000, "1k"), (1250, "1.2k"), (15_400, "15k"), (6_300_000, "6.3M")],
)
def test_compact_counts(number, text):
    assert compact(number) == text


def test_exact_times_are_in_the_zone_of_the_viewer():
    moment = datetime(2026, 3, 5, 23, 30, tzinfo=UTC)
    with timezone.override(ZoneInfo("Asia/Tokyo")):
        html = exact_time(moment)
    assert html == '<time datetime="2026-03-05T23:30:00+00:00">6 March 2026, 08:30 JST</time>'


def test_user_names_are_coloured_by_level_and_escaped():
    html = user_link(User(pk=5, name="<b>_x", level=Level.BUILDER))
    assert html == '<a class="user user-builder" href="/users/5">&lt;b&gt; x</a>'


def test_tags_are_coloured_by_category():
    html = tag_link(Tag(name="hakurei_reimu", category=4))
    assert html == '<a class="tag tag-character" href="/posts?tags=hakurei_reimu">hakurei reimu</a>'


def test_addresses_are_encoded():
    assert posts_url("a&b") == "/posts?tags=a%26b"
    assert search_url("bulk_update_requests", "user_id", 5) == "/bulk_update_requests?search%5Buser_id%5D=5"


def test_links_to_changed_tags_are_encoded_and_escaped():
    html = changed_tags(["a&b", "<x>"], "ins") + changed_tags(["a&b"], "del") + changed_tags([], "ins")
    assert html == (
        '<ins><a href="/posts?tags=a%26b">a&amp;b</a></ins> '
        '<ins><a href="/posts?tags=%3Cx%3E">&lt;x&gt;</a></ins> '
        '<del><a href="/posts?tags=a%26b">a&amp;b</a></del> '
    )


def test_addresses_that_were_shown_before_follow_the_site_to_another_folder():
    assert (record_url("user", 5), posts_url("x")) == ("/users/5", "/posts?tags=x")
    with site_in_folder("/booru/"):
        assert (record_url("user", 5), posts_url("x")) == ("/booru/users/5", "/booru/posts?tags=x")
        assert changed_tags(["x"], "ins") == '<ins><a href="/booru/posts?tags=x">x</a></ins> '
    assert record_url("user", 5) == "/users/5"
