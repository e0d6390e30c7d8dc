"""Wiki pages: what tags mean (behaviour D.7, B.4)."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, ClassVar

from django.contrib.postgres.fields import ArrayField
from django.db import models, transaction
from django.urls import reverse

from booru.models.tags.tag import Tag
from booru.models.versions.linking import LinkingManager, LinkingModel
from booru.rules.other_names import normalize_other_names
from booru.rules.text import dtext_attribute, is_invisible
from booru.rules.wiki_links import title_key

if TYPE_CHECKING:
    from collections.abc import Iterator

    from booru.models.versions.credit import Credit
    from booru.models.versions.versioned import State

MAX_BODY = 80_000
_MAX_OTHER_NAMES = 80
_MAX_OTHER_NAME = 100


class WikiPageManager(LinkingManager["WikiPage"]):
    def titled(self, title: str) -> WikiPage | None:
        return self.filter(title=normalize_title(title)).first()

    def touched_by_rename(self, tag_name: str) -> models.QuerySet[WikiPage]:
        """The tag's own page, and those that link to it."""
        own = models.Q(title=tag_name, is_deleted=False)
        return self.filter(own | models.Q(linked_titles__contains=[title_key(tag_name)]))

    @transaction.atomic
    def rename_tag(self, old: str, new: str, credit: Credit) -> None:
        """Give the page of the tag `old` to the tag `new` (behaviour B.4, step 7).

        No rule of the pages is checked: the tag may have the name, so the page may. In Danbooru one that is
        too long stops the move. A deleted page is left alone.
        """
        by_title = {page.title: page for page in self.lock(models.Q(title__in=[old, new]))}
        page, other = by_title.get(old), by_title.get(new)
        if page is None or page.is_deleted or old == new:
            return
        if other is None:
            page.change(credit, lambda one: one.assign(title=new), is_checked=False)
        else:
            page.merge_into(other, credit)


class WikiPage(LinkingModel):
    versioned = ("title", "body", "other_names", "is_locked", "is_deleted")
    dtext_field = "body"

    title = models.TextField(unique=True)
    body = models.TextField(default="", blank=True)
    other_names = ArrayField(models.TextField(), default=list, blank=True)
    is_locked = models.BooleanField(default=False)
    is_deleted = models.BooleanField(default=False)

    objects: ClassVar[WikiPageManager] = WikiPageManager()

    class Meta(LinkingModel.Meta):
        db_table = "wiki_pages"

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        return reverse("wiki_page", args=[self.title])

    @property
    def pretty_title(self) -> str:
        return self.title.replace("_", " ")

    def normalize(self) -> None:
        self.title = normalize_title(self.title)
        self.body = dtext_attribute(self.body)
        self.other_names = normalize_other_names(self.other_names)

    def problems(self, before: State) -> Iterator[tuple[str, str]]:
        if before.get("title") != self.title:
            yield from (("title", message) for message in Tag.objects.name_errors(self.title))
            if WikiPage.objects.filter(title=self.title).exclude(pk=self.pk).exists():
                yield "title", "has already been taken"
        if is_invisible(self.body) and not self.is_deleted and not self.other_names:
            yield "body", "can't be blank"
        if len(self.body) > MAX_BODY:
            yield "body", f"is too long (maximum is {MAX_BODY} characters)"
        if len(self.other_names) > _MAX_OTHER_NAMES:
            yield "other_names", f"can't have more than {_MAX_OTHER_NAMES} names"
        if any(len(name) > _MAX_OTHER_NAME for name in self.other_names):
            yield "other_names", f"can't have a name longer than {_MAX_OTHER_NAME} characters"

    @transaction.atomic
    def merge_into(self, page: WikiPage, credit: Credit) -> None:
        """Hand the other names, and the text if `page` has none, over to `page`; only a pointer stays here.

        Both rows must be locked. No rule of the pages is checked.
        """
        names, body = self.other_names, self.body

        def take(other: WikiPage) -> None:
            other.other_names = [*other.other_names, *names]
            other.is_deleted = False
            if is_invisible(other.body):
                other.body = body

        def point(old: WikiPage) -> None:
            old.assign(body=f"This tag has been moved to [[{page.title}]].", other_names=[], is_deleted=True)

        page.change(credit, take, is_checked=False)
        self.change(credit, point, is_checked=False)


def normalize_title(title: str) -> str:
    """Lower case, no leading `~`, one `_` for each run of spaces (behaviour D.7)."""
    return re.sub(r"[\s_]+", "_", title.strip().lower().lstrip("~"))
