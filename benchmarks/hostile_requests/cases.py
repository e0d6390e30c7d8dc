"""The dearest requests that anonymous visitors and members can send, for every address of the site.

A GET needs no entry: its list is asked for a thousand records, its page for the dearest record. DEAR adds
what is worse. What may change something needs an entry in SENT, or a reason in LEFT_OUT.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import quote

REGEX = quote("(x|y|z){1,20}[^x]$")
STARS = quote("*x*x*y*z*")
MANY = "+".join(f"-tag{n}" for n in range(30))
SCRIPT = "\n".join(f"create alias hostile_a{n} -> hostile_b{n}" for n in range(100))
DTEXT = "@a [[b]] {{c}} [b]x[/b] "

# By name of the address: queries that are worse than ?limit=1000.
DEAR: Mapping[str, Sequence[str]] = {
    "posts": (
        "tags=order:random&limit=1000",
        f"tags={MANY}",
        "tags=*a*+*e*+-*o*",
        "tags=source:*x*y*&limit=1000",
    ),
    "forum_posts": (
        f"search[body_regex]={REGEX}",
        f"search[body_ilike]={STARS}",
        "search[body_matches]=touhou+solo",
        f"search[body_regex]={quote('(?=.*y)x')}",
    ),
    "forum_topics": (f"search[title_regex]={REGEX}", f"search[title_ilike]={STARS}"),
    "wiki_pages": (f"search[body_regex]={REGEX}", "search[body_matches]=touhou"),
    "wiki_page_versions": (f"search[body_regex]={REGEX}",),
    "pools": (f"search[description_regex]={REGEX}", "search[post_count]=>1&limit=1000"),
    "tags": (f"search[name_regex]={REGEX}", f"search[name_ilike]={STARS}", "search[order]=name&limit=1000"),
    "tag_aliases": (f"search[antecedent_name_regex]={REGEX}",),
    "users": (f"search[name_ilike]={STARS}", "search[order]=post_update_count&limit=1000"),
    "post_versions": ("limit=1000&page=20", f"search[updater][name_ilike]={STARS}"),
    "mod_actions": (f"search[description_regex]={REGEX}", "limit=1000&page=10"),
    "dmails": (f"search[message_matches]={STARS}", "limit=1000&search[folder]=all"),
    "bulk_update_requests": (f"search[script_regex]={REGEX}", "search[order]=score_desc&limit=1000"),
    "artists": (f"search[url_matches]={STARS}", f"search[any_other_name_matches_regex]={REGEX}"),
}
# What is sent, by method and name of the address; {record} is an id.
SENT: Mapping[tuple[str, str], Mapping[str, str]] = {
    ("POST", "dtext_preview"): {"body": DTEXT * 8_000},
    ("POST", "preview_bulk_update_request"): {"bulk_update_request[script]": SCRIPT},
    ("POST", "dry_run_bulk_update_script"): {"bulk_update_request[script]": SCRIPT},
    ("POST", "preview_edited_bulk_update_request"): {"bulk_update_request[script]": SCRIPT},
    ("POST", "bulk_update_requests"): {
        "bulk_update_request[script]": SCRIPT,
        "bulk_update_request[title]": "hostile",
        "bulk_update_request[reason]": DTEXT * 800,
    },
    ("PUT", "bulk_update_request"): {"bulk_update_request[script]": SCRIPT},
    ("POST", "forum_posts"): {"forum_post[body]": DTEXT * 8_000, "forum_post[topic_id]": "{forum_topics}"},
    ("POST", "forum_topics"): {
        "forum_topic[title]": "hostile",
        "forum_topic[original_post][body]": DTEXT * 8_000,
    },
    ("POST", "dmails"): {"dmail[to_name]": "ada_admin", "dmail[title]": "x", "dmail[body]": DTEXT * 2_000},
    ("POST", "wiki_pages"): {"wiki_page[title]": "hostile", "wiki_page[body]": DTEXT * 3_000},
    ("PUT", "wiki_page"): {"wiki_page[body]": DTEXT * 3_000},
    ("POST", "pools"): {"pool[name]": "hostile", "pool[description]": DTEXT * 800},
    ("PUT", "pool"): {"pool[post_ids]": " ".join(map(str, range(1, 5000)))},
    ("POST", "artists"): {"artist[name]": "hostile", "artist[url_string]": "https://x.y/z " * 150},
    ("PUT", "artist"): {"artist[url_string]": "https://x.y/z " * 150},
    ("POST", "saved_searches"): {"saved_search[query]": " or ".join(f"({'a' * 20}{n})" for n in range(99))},
    ("PUT", "post"): {"post[tag_string]": " ".join(f"hostile_{n}" for n in range(1000))},
    ("POST", "session"): {"session[name]": "mia_member", "session[password]": "x" * 4_000},
    ("POST", "login"): {"session[name]": "mia_member", "session[password]": "x" * 4_000},
    ("POST", "users"): {"user[name]": "hostile", "user[password]": "x" * 4_000},
    ("POST", "dmca"): {"dmca[name]": "x", "dmca[infringing_urls]": "https://x.y\n" * 4_000},
    ("POST", "password_reset"): {"user[name]": "mia_member"},
    ("POST", "moderation_reports"): {"moderation_report[reason]": "x" * 2_000},
    ("POST", "mark_all_dmails_as_read"): {},
    ("POST", "mark_all_topics_as_read"): {},
    ("POST", "mail_webhook"): {"x": "y" * 100_000},
    ("PUT", "settings"): {"user[blacklisted_tags]": "a b\n" * 5_000},
}
# Beside what only staff may do: why nobody has to be afraid of the rest.
LEFT_OUT: Mapping[str, str] = {
    "one row": "(session|logout|login_session|revoke_other|verify_totp|confirm_password|totp|backup|recover"
    "|api_key|saved_search|favorite|post_votes|forum_post_vote|hide_dmail|dmail|moderation_report|tag"
    "|user_email|email_verify|send_confirmation|email_notification|password|user|forum_topic|forum_post|undelete"
    "|user_name_change|delayed_jobs|tag_alias|tag_implication|pool|artist|wiki_page|bulk_update_request"
    "|preview_edited|dry_run|dtext_preview|password_reset)",
    "staff alone": "(admin_user|ban|user_feedback|email_deliverability|approve|revert|cancel|retry|run|pause"
    "|resume|enable|disable|job$)",
}


@dataclass(frozen=True)
class Case:
    """One request."""

    name: str
    method: str
    path: str
    fields: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Address:
    """What the URL conf has: a route in Django's words, its name and its methods."""

    route: str
    name: str
    methods: Sequence[str]


def addresses(patterns: Sequence[Any], prefix: str = "") -> Iterator[Address]:
    """Every address of a URL conf; that for programs has the name of the page."""
    names: dict[str, str] = {}
    for pattern in patterns:
        route = f"{prefix}{pattern.pattern}"
        if hasattr(pattern, "url_patterns"):
            yield from addresses(pattern.url_patterns, route)
            continue
        by_method = getattr(pattern.callback, "by_method", None) or {"GET": None}
        names[route] = pattern.name or names.get(route.removesuffix(".json"), route)
        yield Address(route, names[route], sorted(by_method))


def cases(known: Sequence[Address], records: Mapping[str, str]) -> tuple[list[Case], list[str]]:
    """The requests to send, and the addresses that have none and need one.

    `records` are ids by the first part of an address: {"posts": "1"}.
    """
    found: list[Case] = []
    missing: list[str] = []
    for address in known:
        path = _path(address.route, records)
        if path is None:
            missing.append(f"{address.route} (no record for it)")
            continue
        for method in address.methods:
            fields = SENT.get((method, address.name))
            if method == "GET":
                found += [Case(f"{path}?{query}", "GET", f"{path}?{query}") for query in _queries(address)]
            elif fields is not None and not path.endswith(".json"):
                sent = {
                    key: text.format(**records) if "{" in key + text[:20] else text
                    for key, text in fields.items()
                }
                found.append(Case(f"{method} {path}", method, path, sent))
            elif fields is None and not _is_left_out(address.name):
                missing.append(f"{method} {address.route}")
    return found, missing


def _queries(address: Address) -> Sequence[str]:
    dear = DEAR.get(address.name, ()) if "<" not in address.route else ()
    # A program's list costs what the page's does, but for the drawing.
    return ("limit=1000",) if address.route.endswith(".json") else ("limit=1000", *dear)


def _path(route: str, records: Mapping[str, str]) -> str | None:
    folder = route.partition("/")[0]
    missing = False

    def record(_match: re.Match[str]) -> str:
        nonlocal missing
        missing = folder not in records
        return records.get(folder, "")

    path = re.sub(r"<[^>]+>", record, route)
    return None if missing else f"/{path}"


def _is_left_out(name: str) -> bool:
    return any(re.match(pattern, name) for pattern in LEFT_OUT.values())
