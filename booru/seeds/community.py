"""Wiki pages, talk in the forum, and bulk update requests that wait or were refused."""

from __future__ import annotations

from typing import TYPE_CHECKING

from booru.models import BulkUpdateRequest, ForumPost, ForumTopic, WikiPage
from booru.seeds.people import ADMIN, BUILDER, FRIEND, MEMBER

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from booru.models import User
    from booru.seeds.tag_source import OldName

_WIKI = {
    "highres": "A picture at least 1600 pixels wide or 1200 high.\n\nFor much larger ones see [[absurdres]].",
    "absurdres": "A picture at least 3200 pixels wide or 2400 high. It is [[highres]] too.",
    "solo": "Exactly one character is to be seen.\n\nh4. See also\n\n* [[1girl]]\n* [[1boy]]",
    "school_uniform": "Clothes that a school prescribes.\n\n[b]Tag its parts too:[/b] [[shirt]], [[skirt]].",
    "cat_ears": "Those of a cat on somebody who is none.\n\nFor cats use [[cat]]. See also [[animal ears]].",
    "hatsune_miku": "A singing voice with a pair of very long [[twintails]], from [[vocaloid]].",
    "scenery": "The place is the subject.\n\nThere may be people, but small. Often with [[no humans]].",
    "umbrella": "Keeps the [[rain]] off. One in somebody's hand is [[holding umbrella]].",
}
_TALK = {
    "Which tags do you always forget?": (
        ForumTopic.Category.GENERAL,
        [
            (MEMBER, "For me it is [[looking at viewer]]. It is on half of all posts and I never see it."),
            (FRIEND, "[quote]\nI never see it.\n[/quote]\n\n[[simple background]]. Every time."),
            (BUILDER, "Search {{solo -smile}} and you will find some that lack both. :)"),
        ],
    ),
    "How bulk update requests work here": (
        ForumTopic.Category.TAGS,
        [
            (ADMIN, "One command a line, for instance:\n\n[code]\ncreate alias hires -> highres\n[/code]"),
            (BUILDER, "And say why. The discussion of each request opens by itself."),
        ],
    ),
    "Emails about messages": (
        ForumTopic.Category.BUGS_AND_FEATURES,
        [(FRIEND, 'Switch them off in your "settings":/settings, or with the link in any of them.')],
    ),
}


def seed_wiki() -> None:
    for title, body in _WIKI.items():
        WikiPage.objects.get_or_create(title=title, defaults={"body": body})


def seed_forum(people: Mapping[str, User]) -> None:
    for title, (category, posts) in _TALK.items():
        if ForumTopic.objects.filter(title=title).exists():
            continue
        topic = ForumTopic.objects.open(people[posts[0][0]], title, category)
        for name, body in posts:
            ForumPost.objects.create_reply(topic, people[name], body)


def seed_requests(people: Mapping[str, User], pairs: Sequence[OldName]) -> None:
    """Two that wait, one that was rejected; none where there are too few pairs for them."""
    if BulkUpdateRequest.objects.filter(user__in=[people[BUILDER], people[MEMBER]]).exists():
        return
    for name, some in ((BUILDER, pairs[:3]), (MEMBER, pairs[3:4])):
        if some:
            _request(people[name], some, "The right-hand names are the ones in use.")
    for pair in pairs[4:5]:
        swapped = type(pair)(pair.new, pair.old)
        refused = _request(people[MEMBER], [swapped], "I find this name nicer.")
        if refused.forum_post:
            body = "The other way round, please: that name is the one people look for."
            ForumPost.objects.create_reply(refused.forum_post.topic, people[ADMIN], body)
        refused.reject(people[ADMIN])


def _request(user: User, pairs: Sequence[OldName], reason: str) -> BulkUpdateRequest:
    script = "\n".join(f"create alias {pair.old} -> {pair.new}" for pair in pairs)
    title = f"Alias {pairs[0].old}{' and others' if len(pairs) > 1 else ''}"
    return BulkUpdateRequest.objects.request(user=user, script=script, title=title, reason=reason)
