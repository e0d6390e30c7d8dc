"""Changes a tag's category, and what follows from that (behaviour C.5)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.core.exceptions import ValidationError
from django.db import transaction

from booru.models import Post, Tag, TagAlias
from booru.posts.tag_edit import TagEdit

if TYPE_CHECKING:
    from booru.posts.editor import PostEditor


def change_category(tag: Tag, category: int, editor: PostEditor) -> None:
    """The tag, and the tags that are aliases of it, get the category; the posts' counts follow.

    Raises ValidationError when a rule is against it.
    """
    if errors := tag.category_errors(category):
        raise ValidationError({"category": errors})
    with transaction.atomic():
        tag.category = category
        tag.save(update_fields=["category", "updated_at"])
        aliases = TagAlias.objects.active().filter(consequent_name=tag.name)
        names = [tag.name, *aliases.values_list("antecedent_name", flat=True)]
        changed = list(Tag.objects.filter(name__in=names).exclude(pk=tag.pk).exclude(category=category))
        Tag.objects.filter(pk__in=[alias.pk for alias in changed]).update(category=category)
    for one in [tag, *changed]:
        if not one.is_empty:
            editor.edit(Post.objects.tagged(one.name), TagEdit())
