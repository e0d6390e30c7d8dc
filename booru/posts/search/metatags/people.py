"""`user:` and `approver:`: who uploaded and who approved a post."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db.models import Q

from booru.models import User
from booru.posts.search.metatags.registry import metatag
from booru.search.conditions import NOTHING

if TYPE_CHECKING:
    from booru.posts.search.searcher import Searcher
    from booru.search.language.tree import Metatag

_FIELDS = {"user": "uploader", "approver": "approver"}


@metatag(*_FIELDS)
def by_user(term: Metatag, searcher: Searcher) -> Q:  # noqa: ARG001
    field = _FIELDS[term.name]
    if term.value.lower() in {"any", "none"} and not term.is_quoted:
        return Q(**{f"{field}__isnull": term.value.lower() == "none"})
    user = User.objects.by_name(term.value)
    return Q(**{field: user.pk}) if user else NOTHING
