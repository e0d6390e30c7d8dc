"""Takes over tags and aliases that exist elsewhere, tens of thousands at once."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from django.core.exceptions import ValidationError
from django.db import connection, transaction

from booru.models import Artist, Tag, TagAlias, User
from booru.models.tag_relationships.tag_relationship import lock_tag_relationships
from booru.posts.editing.editor import PostEditor
from booru.rules.tag_names import words_of
from booru.services.tags.tag_categories import change_category
from booru.services.tags.tag_file import BadLine, TagLine
from jobs.engine.insight.long_work import long_work

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

_INCOMING = """
    CREATE TEMPORARY TABLE incoming_tags (name text, category smallint, post_count integer, words text[])
    ON COMMIT DROP
"""
_COPY = "COPY incoming_tags (name, category, post_count, words) FROM STDIN"
# A tag on posts, of an alias or of an artist gets its new category from change_category(), which looks after
# all of them.
_SAVE = """
    INSERT INTO tags (name, category, post_count, is_deprecated, words, created_at, updated_at)
    SELECT name, category, post_count, false, words, now(), now() FROM incoming_tags ORDER BY name
    ON CONFLICT (name) DO UPDATE SET
        category = CASE WHEN tags.post_count > 0 OR tags.name = ANY(%(special)s)
            THEN tags.category ELSE excluded.category END,
        post_count = CASE WHEN %(keep)s THEN excluded.post_count ELSE tags.post_count END,
        updated_at = now()
    WHERE tags.category <> excluded.category OR (%(keep)s AND tags.post_count <> excluded.post_count)
    RETURNING xmax = 0
"""
_DIFFERENT = """
    SELECT tags.id, incoming_tags.category FROM tags JOIN incoming_tags USING (name)
    WHERE tags.category <> incoming_tags.category ORDER BY name
"""
_ALIASES = """
    COPY tag_aliases (antecedent_name, consequent_name, creator_id, status, reason, created_at, updated_at)
    FROM STDIN
"""


@dataclass
class ImportResult:
    """How many of each there were, and what was left out."""

    tags: int = 0
    tags_made: int = 0
    tags_updated: int = 0
    repeated: int = 0
    aliases_made: int = 0
    aliases_known: int = 0
    aliases_refused: int = 0
    problems: list[BadLine] = field(default_factory=list)


class TagImport:
    """Makes tags, or updates those that there are, and makes the aliases; all of it or nothing.

    A line about a tag that an earlier line was about replaces that one. An alias that the site cannot take
    is left out: one whose name is a tag of the file, or stands for another tag here already, or is on posts
    here, which only a bulk update request moves.
    """

    def __init__(self, *, keep_counts: bool = False, without_aliases: Iterable[str] = ()) -> None:
        """keep_counts: a tag's count is the file's, not the number of posts here.

        without_aliases: names that shall not become aliases.
        """
        self.keep_counts = keep_counts
        self.without_aliases = frozenset(without_aliases)
        self.result = ImportResult()

    def run(self, lines: Iterable[TagLine | BadLine]) -> ImportResult:
        tags = self._read(lines)
        self.result.tags = len(tags)
        with transaction.atomic():
            lock_tag_relationships()
            self._save_tags(tags)
            with long_work("Saving aliases"):
                self._save_aliases(tags)
        self.result.problems.sort(key=lambda problem: problem.number)
        return self.result

    def _read(self, lines: Iterable[TagLine | BadLine]) -> dict[str, TagLine]:
        tags: dict[str, TagLine] = {}
        with long_work("Reading", unit="lines") as done:
            for line in lines:
                if isinstance(line, BadLine):
                    self.result.problems.append(line)
                else:
                    self.result.repeated += tags.pop(line.name, None) is not None
                    tags[line.name] = line
                done(1)
        return tags

    def _save_tags(self, tags: Mapping[str, TagLine]) -> None:
        with long_work("Saving tags"):
            different = self._save_rows(tags)
        editor = PostEditor(User.objects.system())
        with long_work("Changing categories", len(different), "tags") as done:
            for tag_id, category in different:
                self._change_category(Tag.objects.get(pk=tag_id), category, tags, editor)
                done(1)

    def _save_rows(self, tags: Mapping[str, TagLine]) -> list[tuple[int, int]]:
        """The ids of the tags that have another category, and which one they shall have."""
        with connection.cursor() as cursor:
            cursor.execute(_INCOMING)
            with cursor.copy(_COPY) as copy:
                for tag in tags.values():
                    count = tag.post_count if self.keep_counts else 0
                    copy.write_row((tag.name, int(tag.category), count, words_of(tag.name)))
            aliases = TagAlias.objects.active().values_list("antecedent_name", flat=True)
            artists = Artist.objects.values_list("name", flat=True)
            cursor.execute(_SAVE, {"keep": self.keep_counts, "special": [*aliases, *artists]})
            changed = [is_new for (is_new,) in cursor.fetchall()]
            self.result.tags_made, self.result.tags_updated = changed.count(True), changed.count(False)
            cursor.execute(_DIFFERENT)
            different: list[tuple[int, int]] = cursor.fetchall()
            cursor.execute("DROP TABLE incoming_tags")
        return different

    def _change_category(
        self, saved: Tag, category: int, tags: Mapping[str, TagLine], editor: PostEditor
    ) -> None:
        try:
            change_category(saved, category, editor)
        except ValidationError as error:
            problem = f"category of {saved.name}: {error.messages[0]}"
            self.result.problems.append(BadLine(tags[saved.name].number, problem))
            self.result.tags_updated -= 1

    def _save_aliases(self, tags: Mapping[str, TagLine]) -> None:
        aliases = self._acceptable_aliases(tags)
        new_tags = [
            Tag(name=alias, category=tags[target].category, words=words_of(alias))
            for alias, target in sorted(aliases.items())
        ]
        Tag.objects.bulk_create(new_tags, ignore_conflicts=True, batch_size=5000)
        system = User.objects.system()
        with connection.cursor() as cursor:
            cursor.execute("SELECT now()")
            now = cursor.fetchone()[0]
            with cursor.copy(_ALIASES) as copy:
                for alias, target in aliases.items():
                    copy.write_row((alias, target, system.pk, TagAlias.Status.ACTIVE.value, "", now, now))
        self.result.aliases_made = len(aliases)

    def _acceptable_aliases(self, tags: Mapping[str, TagLine]) -> dict[str, str]:
        """The new aliases, with what they stand for."""
        active = TagAlias.objects.active().order_by("id")
        here = dict(active.values_list("antecedent_name", "consequent_name"))
        # Names that must stay tags.
        taken = dict.fromkeys(here.values(), "other aliases stand for it here")
        on_posts = Tag.objects.filter(post_count__gt=0).values_list("name", flat=True)
        taken |= dict.fromkeys(on_posts, "it is on posts here: request the alias")
        taken |= dict.fromkeys(tags, "it is a tag of its own in this file")
        accepted: dict[str, str] = {}
        for tag in tags.values():
            for alias in tag.aliases:
                if alias in self.without_aliases:
                    continue
                if (target := here.get(alias) or accepted.get(alias)) == tag.name:
                    self.result.aliases_known += 1
                elif target:
                    self._refuse(tag, alias, f"it stands for {target} already")
                elif tag.name in here:
                    self._refuse(tag, alias, f"{tag.name} itself stands for {here[tag.name]} here")
                elif alias in taken:
                    self._refuse(tag, alias, taken[alias])
                else:
                    accepted[alias] = tag.name
        return accepted

    def _refuse(self, tag: TagLine, alias: str, reason: str) -> None:
        self.result.aliases_refused += 1
        self.result.problems.append(BadLine(tag.number, f"alias {alias} -> {tag.name}: {reason}"))
