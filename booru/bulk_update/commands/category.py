"""`category tag -> category`: the tag becomes an artist, a character and so on."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from booru.bulk_update.checking.rehearsal import Refused
from booru.bulk_update.kinds.command import PlannedEdit, line_shape
from booru.bulk_update.kinds.single_tag import SingleTagCommand
from booru.bulk_update.waiting.touched import Touched
from booru.models import Post, Tag
from booru.models.tag_relationships.tag_relationship import ValidationContext
from booru.models.tags.tag import TagCategory
from booru.posts.tag_edits.tag_edit import TagEdit
from booru.services.tags.tag_categories import change_category

if TYPE_CHECKING:
    from booru.bulk_update.checking.picture import Picture
    from booru.bulk_update.run import Run


@dataclass(frozen=True)
class Category(SingleTagCommand):
    category: str

    shape = line_shape(r"category (?P<tag>\S+) -> (?P<category>.*)")

    def __post_init__(self) -> None:
        super().__post_init__()
        object.__setattr__(self, "category", self.category.lower())

    def problem(self, context: ValidationContext, picture: Picture) -> str | None:
        tag, category = picture.tag(self.tag), self._chosen_category
        if tag is None:
            return f"[[{self.tag}]] doesn't exist"
        if category is None:
            return f"{self.category} is not a valid category"
        is_request = context is ValidationContext.REQUEST
        if tag.category == category:
            return f"[[{self.tag}]] is already in that category" if is_request else None
        if is_request and category != TagCategory.ARTIST and self.tag in picture.artists:
            return f"[[{self.tag}]] has an artist entry"
        # Danbooru finds these out when it is too late, and says nothing.
        return "; ".join(picture.category_errors(self.tag, category)) or None

    def refusal(self, reason: str) -> str:
        return f"Can't change the category of [[{self.tag}]] to {self.category} ({reason})"

    def rehearse(self, picture: Picture) -> None:
        category = self._chosen_category
        if category is not None and picture.tag(self.tag) is not None:
            Refused.if_any(picture.change_category(self.tag, category))

    def process(self, run: Run) -> None:
        """Somebody approved it, so nobody's level is asked for.

        Danbooru asks for the level of the account that applies requests: below admin it changes no category
        of a tag with 1000 posts or more, and says nothing (behaviour M.1). Raises ValidationError when a rule
        for all tags forbids the category.
        """
        category = self._chosen_category
        if category is None:
            raise ValueError(f"{self.category} is not a valid category")
        change_category(Tag.objects.find_or_create(self.tag, category), category, run.editor)

    def planned_edits(self) -> list[PlannedEdit]:
        """Posts keep their tags, but count them in another category."""
        tag = self.saved_tag
        if tag is None or tag.category == self._chosen_category:
            return []
        return [PlannedEdit(Post.objects.tagged(self.tag), TagEdit())]

    def touched_records(self) -> dict[str, int]:
        tag, category = self.saved_tag, self._chosen_category
        if tag is None or category is None:
            return {}
        names = [tag.name, *tag.antecedent_names()]
        changed = Tag.objects.filter(name__in=names).exclude(category=category).count()
        return {"tags": changed} if changed else {}

    @property
    def dtext(self) -> str:
        return f"category [[{self.tag}]] -> {self.category}"

    def affected_tags(self, picture: Picture) -> list[str]:  # noqa: ARG002
        return [self.tag]

    @property
    def touched(self) -> Touched:
        return Touched(tags=frozenset({self.tag}))

    @property
    def _chosen_category(self) -> TagCategory | None:
        return TagCategory.from_word(self.category)
