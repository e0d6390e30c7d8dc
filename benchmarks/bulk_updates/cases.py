"""What is measured: a script over a tenth of all posts, the bare SQL of the same, the same post by post."""

from __future__ import annotations

from dataclasses import dataclass

# On every tenth post, each on others. Its twin is on the same posts, for the bare SQL to work on.
SHARE = 0.1
# A second tag, which nearly every other post has.
COMMON = "1girl"


@dataclass(frozen=True)
class Case:
    """A command, named as people know it."""

    name: str
    script: str
    # What the bare UPDATE sets.
    plain: str
    added: tuple[str, ...] = ()
    removed: tuple[str, ...] = ()
    # The posts have this tag too.
    second_tag: str = ""
    # Without, only the counts of the posts change.
    writes_versions: bool = True

    @property
    def subject(self) -> str:
        """The tag of the posts that it edits."""
        return f"bench_{self.name.replace(' ', '_')}"

    @property
    def twin(self) -> str:
        return f"{self.subject}_twin"

    @property
    def tags(self) -> list[str]:
        """The tags of the posts that it edits."""
        return [self.subject, self.second_tag] if self.second_tag else [self.subject]


_MORE = "tag_count = tag_count + 1, tag_count_general = tag_count_general + 1"
_LESS = "tag_count = tag_count - 1, tag_count_general = tag_count_general - 1"

CASES = (
    Case(
        "alias",
        "create alias bench_alias -> bench_alias_new",
        "tag_string = replace(tag_string, 'bench_alias_twin', 'bench_alias_twin_new')",
        added=("bench_alias_new",),
        removed=("bench_alias",),
    ),
    Case(
        "implication",
        "create implication bench_implication -> bench_implied",
        f"tag_string = tag_string || ' zzz_implied', {_MORE}",
        # Another tag than the implied one, which must be unused until then.
        added=("bench_one_more",),
    ),
    Case(
        "mass update",
        f"mass update bench_mass_update {COMMON} -> bench_mass_updated",
        f"tag_string = tag_string || ' zzz_updated', {_MORE}",
        added=("bench_mass_updated",),
        second_tag=COMMON,
    ),
    Case(
        "nuke",
        "nuke bench_nuke",
        f"tag_string = replace(tag_string, 'bench_nuke_twin ', ''), {_LESS}",
        removed=("bench_nuke",),
    ),
    Case(
        "category",
        "category bench_category -> character",
        "tag_count_general = tag_count_general - 1, tag_count_character = tag_count_character + 1",
        writes_versions=False,
    ),
)
# Runs while somebody else edits the same posts.
WAITING = Case(
    "waiting",
    "create alias bench_waiting -> bench_waiting_new",
    "",
    added=("bench_waiting_new",),
    removed=("bench_waiting",),
)
EVERY_CASE = (*CASES, WAITING)


def case_named(name: str) -> Case:
    return next(case for case in EVERY_CASE if case.name == name)
