"""Fills the site with what is dear to show: `python -m benchmarks.hostile_requests.steps POSTS [TAGS]`.

Answers with a line of JSON: an API key of a member's, and a record of each kind.
"""

from __future__ import annotations

import contextlib
import json
import os
import sys
from pathlib import Path
from typing import Any

import django

django.setup()

from django.core.management import call_command  # noqa: E402
from django.urls import get_resolver  # noqa: E402

from benchmarks.hostile_requests.cases import DTEXT, SCRIPT, addresses  # noqa: E402
from booru.models import (  # noqa: E402
    ApiKey,
    Artist,
    BulkUpdateRequest,
    Credit,
    Dmail,
    ForumPost,
    ForumTopic,
    ModAction,
    Pool,
    Post,
    SavedSearch,
    Tag,
    TagAlias,
    TagImplication,
    User,
    UserFeedback,
    WikiPage,
)
from jobs.engine.models import BackgroundJob  # noqa: E402


def fill(posts: int, tags: str) -> dict[str, Any]:
    """So many posts, and a fiftieth as many long texts of every kind."""
    with Path(os.devnull).open("w") as nowhere, contextlib.redirect_stdout(nowhere):
        call_command("seed", posts=posts, **({"tags": tags} if tags else {}))
    long = max(posts // 50, 20)
    member, admin = User.objects.by_name("mia_member"), User.objects.by_name("ada_admin")
    assert member
    assert admin
    topic = _forum(admin, long)
    Dmail.objects.bulk_create(
        Dmail(owner=member, from_user=admin, to_user=member, title=f"Message {n}", body=DTEXT * 200)
        for n in range(long)
    )
    ModAction.objects.bulk_create(
        ModAction(creator=admin, description=f"did {n} [[touhou]]", category=ModAction.Category.values[0])
        for n in range(posts // 2)
    )
    BulkUpdateRequest.objects.bulk_create(
        BulkUpdateRequest(user=member, script=SCRIPT, forum_topic=topic) for _ in range(long)
    )
    SavedSearch.objects.bulk_create(SavedSearch(user=member, query=f"a{n} b") for n in range(250))
    UserFeedback.objects.bulk_create(
        UserFeedback(user=member, creator=admin, category="neutral", body=DTEXT * 100) for _ in range(long)
    )
    BackgroundJob.objects.bulk_create(
        BackgroundJob(job_class="jobs.tags.X", arguments={"n": list(range(500))}) for _ in range(posts // 10)
    )
    return {"key": f"{member.name}:{ApiKey.objects.make(member)[1]}", "records": _records(topic, admin)}


def _forum(admin: User, long: int) -> ForumTopic:
    topic = ForumTopic.objects.create(title="long", creator=admin, updater=admin, response_count=long)
    bodies = ("x" * 50_000, DTEXT * 500)
    ForumPost.objects.bulk_create(
        ForumPost(topic=topic, creator=admin, updater=admin, body=bodies[n % 10 > 0]) for n in range(long)
    )
    return topic


def _records(topic: ForumTopic, admin: User) -> dict[str, str]:
    credit = Credit(admin)
    page = WikiPage.objects.make(credit, title="hostile_page", body=(DTEXT * 3_000)[:79_000])
    pool = Pool.objects.make(credit, name="hostile pool", description=(DTEXT * 800)[:19_000])
    Pool.objects.filter(pk=pool.pk).update(post_ids=list(Post.objects.values_list("pk", flat=True)[:5000]))
    artist = Artist.objects.make(credit, name="hostile_artist", urls=["https://x.y/z"])
    kinds: dict[str, Any] = {
        "posts": Post,
        "tags": Tag,
        "users": User,
        "tag_aliases": TagAlias,
        "tag_implications": TagImplication,
        "mod_actions": ModAction,
        "dmails": Dmail,
        "bulk_update_requests": BulkUpdateRequest,
        "user_feedbacks": UserFeedback,
        "saved_searches": SavedSearch,
        "jobs": BackgroundJob,
        "api_keys": ApiKey,
    }
    newest = {name: kind.objects.order_by("-pk").first() for name, kind in kinds.items()}
    records = {name: str(record.pk if record else 1) for name, record in newest.items()}
    records |= {
        "forum_topics": topic.pk,
        "forum_posts": ForumPost.objects.first().pk,
        "wiki_pages": "hostile_page",
    }
    records |= {"pools": pool.pk, "artists": artist.pk, "favorites": records["posts"]}
    records |= {"requests": "x", "webhooks": "postmark", "mail_previews": "welcome_user"}
    nobody = {address.route.split("/")[0] for address in addresses(get_resolver().url_patterns)}
    # What a member has none of, or may not see, is not there: that costs a look, too.
    absent = ("admin", "bans", "emails", "forum_post_votes", "login_sessions", "moderation_reports")
    records |= dict.fromkeys({*absent, "sent_mails", "user_name_change_requests"} & nobody, "1")
    assert page.pk
    return {name: str(record) for name, record in records.items()}


if __name__ == "__main__":
    print(json.dumps(fill(int(sys.argv[1]), *(sys.argv[2:] or [""]))))
