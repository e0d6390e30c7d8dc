"""What an edit could not do to a post, told to who made it (behaviour D.2)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from booru.posts.editing.edit_result import sentence_of
from booru.posts.post_fields import is_meaningless

if TYPE_CHECKING:
    from collections.abc import Mapping

    from booru.posts.editing.drafts import Draft
    from booru.posts.editing.tag_facts import Refusals
    from booru.posts.tag_edits.tag_edit import ResolvedEdit, TagEdit

_SHOWN = 100  # characters of a text that was not read


def edit_warnings(
    edit: TagEdit,
    resolved: ResolvedEdit,
    refusals: Refusals,
    wrong_names: Mapping[str, str],
    draft: Draft,
) -> list[str]:
    """Sentences for one post; `wrong_names` are those of the category prefixes."""
    missing = resolved.added_to(draft.before.tags)
    warnings = refusals.warnings(missing)
    warnings += [
        f"Couldn't add tag: {reason}"
        for name, reason in wrong_names.items()
        if name not in refusals.bad_names
    ]
    if left := sorted((resolved.remove | resolved.drop) & draft.tags):
        warnings.append(f"{sentence_of(left)} could not be removed. Check for implications and try again")
    warnings += [f"{metatag} means nothing" for metatag in edit.fields if is_meaningless(metatag)]
    return warnings + unread_warnings(edit)


def unread_warnings(edit: TagEdit) -> list[str]:
    """Danbooru says nothing of the end of an edit that it could not read (behaviour M.8)."""
    if not edit.unread:
        return []
    shown = edit.unread if len(edit.unread) <= _SHOWN else f"{edit.unread[:_SHOWN]}…"
    return [f"The edit could not be read from here on: {shown}"]
