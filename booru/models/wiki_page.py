"""Wiki pages, as far as tags need them (behaviour D.7, B.4)."""

from __future__ import annotations

import re
from typing import ClassVar

from django.contrib.postgres.fields import ArrayField
from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.urls import reverse

from booru.models.base import TimestampedModel
from booru.models.tag import Tag
from booru.text import is_invisible
from booru.wiki_links import rewrite_wiki_links

_MAX_BODY = 80_000
_MAX_OTHER_NAMES = 80
_MAX_OTHER_NAME = 100


class WikiPageManager(models.Manager["WikiPage"]):
    def titled(self, title: str) -> WikiPage | None:
        return self.filter(title=normalize_title(title)).first()

    def linking_to(self, tag_name: str) -> models.QuerySet[WikiPage]:
        """The pages whose text may link to the tag."""
        words = [re.escape(word) for word in re.split(r"[ _]+", tag_name)]
        return self.filter(body__iregex=rf"\[\[[ _]*{'[ _]+'.join(words)}[ _]*(\||\]\])")

    def rewrite_links(self, old: str, new: str) -> None:
        """Let every link to the tag `old` lead to `new` (behaviour B.5); no rule of the page is checked."""
        for pk in list(self.linking_to(old).order_by("id").values_list("id", flat=True)):
            with transaction.atomic():
                page = self.select_for_update(no_key=True).get(pk=pk)
                body = rewrite_wiki_links(page.body, old, new)
                if body != page.body:
                    page.body = body
                    page.save(update_fields=["body", "updated_at"])


class WikiPage(TimestampedModel):
    title = models.TextField(unique=True)
    body = models.TextField(default="", blank=True)
    other_names = ArrayField(models.TextField(), default=list, blank=True)
    is_locked = models.BooleanField(default=False)
    is_deleted = models.BooleanField(default=False)

    objects: ClassVar[WikiPageManager] = WikiPageManager()

    class Meta:
        db_table = "wiki_pages"

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        return reverse("wiki_page", args=[self.title])

    def validate(self) -> None:
        """Raises ValidationError when a rule for pages is broken (behaviour D.7)."""
        self.title = normalize_title(self.title)
        errors: dict[str, list[str]] = {}
        if problems := Tag.objects.name_errors(self.title):
            errors["title"] = problems
        if WikiPage.objects.filter(title=self.title).exclude(pk=self.pk).exists():
            errors.setdefault("title", []).append("has already been taken")
        if is_invisible(self.body) and not self.is_deleted and not self.other_names:
            errors["body"] = ["can't be blank"]
        if len(self.body) > _MAX_BODY:
            errors.setdefault("body", []).append(f"is too long (maximum is {_MAX_BODY} characters)")
        longest = max(map(len, self.other_names), default=0)
        if len(self.other_names) > _MAX_OTHER_NAMES or longest > _MAX_OTHER_NAME:
            errors["other_names"] = ["is too long"]
        if errors:
            raise ValidationError(errors)

    def rename(self, title: str) -> None:
        """Raises ValidationError when the page cannot have that title."""
        self.title = title
        self.validate()
        self.save(update_fields=["title", "updated_at"])

    def merge_into(self, page: WikiPage) -> None:
        """Hand the other names, and the text if `page` has none, over to `page`; only a pointer stays here.

        Runs in the caller's transaction, which holds both rows. No rule of the pages is checked.
        """
        page.other_names = list(dict.fromkeys([*page.other_names, *self.other_names]))
        page.is_deleted = False
        if is_invisible(page.body):
            page.body = self.body
        page.save()
        self.body = f"This tag has been moved to [[{page.title}]]."
        self.other_names = []
        self.is_deleted = True
        self.save()


def normalize_title(title: str) -> str:
    """Lower case, no leading `~`, one `_` for each run of spaces (behaviour D.7)."""
    return re.sub(r"[\s_]+", "_", title.strip().lower().lstrip("~"))
