"""How the posts of a tag become those of a pool, and the other way round."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from django.core.exceptions import ValidationError

from booru.bulk_update.kinds.command import PlannedEdit
from booru.models import Credit, Pool, Post, TagAlias, User, WikiPage
from booru.models.pages.pool import UNCHANGEABLE, description_errors
from booru.posts.search import PostSearch
from booru.posts.tag_edits.tag_edit import TagEdit
from booru.posts.tag_edits.tag_edit_terms import Metatag
from booru.rules.pool_names import normalize_pool_name, pool_name_errors
from booru.rules.text import is_invisible

if TYPE_CHECKING:
    from django.db.models import QuerySet

    from booru.bulk_update.checking.picture import PageFacts, Picture
    from booru.bulk_update.run import Run


@dataclass(frozen=True, slots=True)
class Conversion:
    """`typed_tag` may be an alias; `typed_pool` is the whole search for the pool."""

    typed_tag: str
    pool_name: str
    typed_pool: str

    @property
    def tag(self) -> str:
        """The tag, aliases resolved."""
        return TagAlias.objects.to_aliased([self.typed_tag])[0]


class TagToPool(Conversion):
    @property
    def links(self) -> str:
        return f"[[{self.typed_tag}]] -> {{{{{self.typed_pool}}}}}"

    def problem(self, picture: Picture) -> str:
        tag = picture.to_aliased(self.typed_tag)
        if picture.tag(tag) is None:
            return f"tag [[{self.typed_tag}]] doesn't exist"
        pool, page = picture.pools.get(self.pool_name), picture.page(tag)
        if is_invisible(page.body if page else "") and is_invisible(pool.description if pool else ""):
            return "either the tag or the pool must have a description"
        return self._pool_problem(pool, page, picture.system)

    def process(self, run: Run) -> None:
        """First the pool gets all the posts: so none can be lost on the way.

        Raises ValidationError for a pool that cannot be; Danbooru removes the tag anyway (behaviour M.16).
        """
        pool = self._filled_pool(run.credit)
        pool.add_posts(run.credit, self._posts.order_by("id").values_list("id", flat=True))
        page = WikiPage.objects.titled(self.tag) or WikiPage(title=self.tag)
        moved = f"This tag has been moved to {{{{pool:{pool.name}}}}}."
        page.change(run.credit, lambda page: page.assign(body=moved), is_checked=False)
        # Posts that have got the tag meanwhile join the others.
        edit = replace(self._edit, actions=(Metatag("pool", str(pool.pk)),))
        run.editor.edit(self._posts, edit, is_resumable=True, skips_invalid=True)

    def planned_edits(self) -> list[PlannedEdit]:
        return [PlannedEdit(self._posts, self._edit)]

    @property
    def _posts(self) -> QuerySet[Post]:
        return Post.objects.tagged(self.tag)

    @property
    def _edit(self) -> TagEdit:
        return TagEdit(drop=(self.tag,))

    @property
    def _wiki_body(self) -> str:
        page = WikiPage.objects.titled(self.tag)
        return page.body if page else ""

    def _filled_pool(self, credit: Credit) -> Pool:
        """The pool, not deleted and with a description; a new one when there is none of this name."""
        body = self._wiki_body

        def fill(pool: Pool) -> None:
            pool.is_deleted = False
            if is_invisible(pool.description):
                pool.description = body

        pool = Pool.objects.find(self.pool_name) or Pool(name=self.pool_name)
        pool.change(credit, fill)
        return pool

    def _pool_problem(self, pool: Pool | None, page: PageFacts | None, system: User) -> str:
        """What would be wrong with the pool once it has a description."""
        if pool is not None and not pool.can_be_changed_by(system):
            return f"pool {UNCHANGEABLE}"
        errors = [] if pool else [f"name {error}" for error in pool_name_errors(self._new_name)]
        length = len(pool.description) if pool else 0
        if pool is None or is_invisible(pool.description):
            length = page.body_length if page else 0
        errors += [f"description {error}" for error in description_errors(length)]
        return f"pool {'; '.join(errors)}" if errors else ""

    @property
    def _new_name(self) -> str:
        return normalize_pool_name(self.pool_name)


class PoolToTag(Conversion):
    @property
    def links(self) -> str:
        return f"{{{{{self.typed_pool}}}}} -> [[{self.typed_tag}]]"

    def problem(self, picture: Picture) -> str:
        """Danbooru also takes a tag that cannot be added to posts, and empties the pool all the same."""
        if self.pool_name not in picture.pools:
            return f"{{{{{self.typed_pool}}}}} does not exist"
        name = picture.to_aliased(self.typed_tag)
        if errors := picture.name_errors(name):
            return "; ".join(errors)
        tag = picture.tag(name)
        return f"[[{name}]] is deprecated" if tag and tag.is_deprecated else ""

    def process(self, run: Run) -> None:
        pool = self._pool
        if pool is None:
            raise ValidationError(f"{{{{{self.typed_pool}}}}} does not exist")
        tag = self.tag
        self._describe_tag(pool.description, run.credit)
        run.editor.edit(self._posts, self._edit, is_resumable=True, skips_invalid=True)
        tagged = set(
            Post.objects.tagged(tag).filter(pk__in=self._posts.values("pk")).values_list("pk", flat=True)
        )

        def leave(pool: Pool) -> None:
            pool.description = f"This pool has been moved to [[{tag}]]."
            pool.is_deleted = True
            # Posts that could not get the tag stay, so that they are not forgotten.
            pool.post_ids = [post_id for post_id in pool.post_ids if post_id not in tagged]

        pool.change(run.credit, leave)

    def planned_edits(self) -> list[PlannedEdit]:
        return [PlannedEdit(self._posts, self._edit)] if self._pool else []

    @property
    def _pool(self) -> Pool | None:
        return Pool.objects.find(self.pool_name)

    @property
    def _posts(self) -> QuerySet[Post]:
        pool = self._pool
        return PostSearch(f"pool:{pool.pk}").posts() if pool else Post.objects.none()

    @property
    def _edit(self) -> TagEdit:
        return TagEdit(add=(self.tag,))

    def _describe_tag(self, description: str, credit: Credit) -> None:
        """The tag's wiki page has what was written about the pool, when nobody wrote about the tag."""
        page = WikiPage.objects.titled(self.tag) or WikiPage(title=self.tag)
        if is_invisible(page.body) and is_invisible(description):
            return

        def describe(page: WikiPage) -> None:
            page.is_deleted = False
            if is_invisible(page.body):
                page.body = description

        page.change(credit, describe)
