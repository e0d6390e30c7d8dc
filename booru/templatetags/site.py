"""Template tags for what every page shows: times, users, tags."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING, Any, cast
from urllib.parse import quote_plus

from django import template
from django.urls import get_script_prefix, get_urlconf, reverse
from django.utils.html import format_html
from django.utils.http import urlencode
from django.utils.safestring import SafeString
from django.utils.timezone import localtime

from booru.models.tags.tag import TagCategory
from jobs.engine.templatetags.jobs import time_ago

if TYPE_CHECKING:
    from datetime import datetime

    from django.forms import BoundField

    from booru.models import Post, Tag, User
    from booru.rules.blacklists import Blacklist
    from booru.web.http.forms import BooruForm

register = template.Library()

# Links of the lists that are looked at, some megabytes.
_KEPT_LINKS = 20_000

register.simple_tag(time_ago)


@register.filter
def full_messages(field: BoundField) -> list[str]:
    """What is wrong with a field of one of our forms, as sentences."""
    form = cast("BooruForm", field.form)
    return form.messages_for(field.name)


@register.simple_tag
def exact_time(moment: datetime) -> SafeString:
    """A day and a time of day, in the viewer's time zone."""
    local = localtime(moment)
    text = f"{local.day} {local:%B %Y, %H:%M %Z}"
    return format_html('<time datetime="{}">{}</time>', moment.isoformat(timespec="seconds"), text)


@register.filter
def compact(number: int) -> str:
    """A count in a few characters: 950, 1.2k, 15k, 6.3M."""
    for size, letter in ((1_000_000, "M"), (1_000, "k")):
        if number >= size:
            count = number / size
            return f"{count:.0f}{letter}" if count >= 10 else f"{count:.1f}".removesuffix(".0") + letter
    return str(number)


@register.filter
def category_name(number: int) -> str:
    """A tag category's name."""
    return TagCategory(number).label


@register.simple_tag
def record_url(name: str, *args: str | int) -> str:
    """As `{% url %}`, for rows: a list shows the same users and tags again and again."""
    return _record_url(get_urlconf(), get_script_prefix(), name, args)


@lru_cache(_KEPT_LINKS)
def _record_url(_urlconf: str | None, _prefix: str, name: str, args: tuple[str | int, ...]) -> str:
    return reverse(name, args=args)


@register.simple_tag
def user_link(user: User | None) -> SafeString | str:
    """A user's name in the colour of the level."""
    if user is None:
        return "Anonymous"
    return format_html(
        '<a class="user user-{}" href="{}">{}</a>',
        user.level_name.lower(),
        record_url("user", user.pk),
        user.pretty_name,
    )


@register.filter
def is_hidden_by(post: Post, blacklist: Blacklist) -> bool:
    """Does a rule of the blacklist fit the post?"""
    return blacklist.hides({*post.tag_string.split(), f"rating:{post.rating}", f"status:{post.status}"})


@register.simple_tag
def tag_link(tag: Tag) -> SafeString:
    """A tag in the colour of its category; leads to its posts."""
    return format_html(
        '<a class="tag tag-{}" href="{}">{}</a>',
        tag.get_category_display().lower(),
        posts_url(tag.name),
        tag.name.replace("_", " "),
    )


@register.simple_tag
def posts_url(tags: str) -> str:
    """The address of a post search."""
    return f"{record_url('posts')}?{urlencode({'tags': tags})}"


@register.simple_tag
def changed_tags(names: list[str], element: str) -> SafeString:
    """Links to the posts of tags that an edit added ("ins") or removed ("del"). Pages have thousands."""
    posts = reverse("posts") if names else ""
    return SafeString("".join([_changed_tag(posts, name, element) for name in names]))


@lru_cache(_KEPT_LINKS)
def _changed_tag(posts: str, name: str, element: str) -> SafeString:
    return format_html('<{0}><a href="{1}?tags={2}">{3}</a></{0}> ', element, posts, quote_plus(name), name)


@register.simple_tag
def search_url(name: str, key: str, value: str | int) -> str:
    """The address of a list with one search field filled in."""
    return reverse(name) + "?" + urlencode({f"search[{key}]": value})


@register.simple_tag(takes_context=True)
def nav_link(context: dict[str, Any], name: str, label: str) -> SafeString:
    """A link to a part of the site, marked as current inside that part."""
    url = reverse(name)
    path = context["request"].path
    current = SafeString(' aria-current="page"') if path == url or path.startswith(f"{url}/") else ""
    return format_html('<a href="{}"{}>{}</a>', url, current, label)
