"""Changes a tag's category, and what follows from that for its posts (behaviour C.5)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from booru.models import Post, Tag, User
from booru.posts.editing.editor import PostEditor
from booru.posts.tag_edits.tag_edit import TagEdit

if TYPE_CHECKING:
    from collections.abc import Iterable


def change_category(tag: Tag, category: int, editor: PostEditor) -> None:
    """The tag, and the tags that are aliases of it, get the category; their posts are counted at once.

    May be repeated: a change that was cut short is finished by another. Raises ValidationError when a rule
    is against it. Who may change a category is for the caller to ask.
    """
    tag.change(editor.credit, category=category)
    count_anew([tag.name, *tag.antecedent_names()], editor)


def count_anew(names: Iterable[str], editor: PostEditor) -> None:
    """Save every post with one of these tags again; an edit of nothing does it."""
    for tag in Tag.objects.filter(name__in=names, post_count__gt=0).order_by("name"):
        editor.edit(Post.objects.tagged(tag.name), TagEdit())


def count_posts_anew(tag: Tag) -> None:
    """Save the posts of the tag again, as the site itself."""
    count_anew([tag.name], PostEditor(User.objects.system()))
