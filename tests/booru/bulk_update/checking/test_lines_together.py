"""What is accepted can be carried out, whatever its lines come to together."""

from __future__ import annotations

import pytest
from django.db import transaction
from hypothesis import event, given, settings
from hypothesis import strategies as st

from booru.bulk_update.parser import parse_script
from booru.bulk_update.script_check import script_errors
from booru.models import BulkUpdateRequest, Post, TagAlias, TagImplication, User
from booru.models.tag_relationships.tag_relationship import ValidationContext
from tests.booru.bulk_update.worlds import build, commands, worlds

pytestmark = pytest.mark.django_db


@settings(max_examples=25, deadline=None)
@given(world=worlds, script=st.lists(commands, min_size=1, max_size=8))
def test_what_is_accepted_never_fails(world, script):
    with transaction.atomic():
        build(world)
        accepted = accepted_lines(script)
        event(f"{len(accepted)} lines accepted")
        bur = BulkUpdateRequest.objects.create(user=User.objects.system(), script="\n".join(accepted))
        if accepted:
            bur.approve(User.objects.system())
            bur.process()
            assert bur.status == "approved"
        assert_consistent()
        if not any(line.startswith(("alias", "rename")) for line in accepted):
            assert_implications_are_applied()
        transaction.set_rollback(True)


def accepted_lines(script: list[str]) -> list[str]:
    """The script without the lines that are refused after those before them."""
    accepted: list[str] = []
    for line in script:
        if not script_errors(parse_script("\n".join([*accepted, line])), ValidationContext.APPROVAL):
            accepted.append(line)
    return accepted


def assert_consistent() -> None:
    aliases = list(TagAlias.objects.active().values_list("antecedent_name", "consequent_name"))
    implications = list(TagImplication.objects.active().values_list("antecedent_name", "consequent_name"))
    aliased = {old for old, _ in aliases}
    assert len(aliased) == len(aliases), "a tag has one alias"
    assert aliased.isdisjoint(new for _, new in aliases), "no alias leads to an alias"
    assert aliased.isdisjoint(name for pair in implications for name in pair)
    assert len(set(implications)) == len(implications)
    for old, _ in implications:
        assert old not in TagImplication.objects.edges_above([old]).get(old, [])
        assert not TagImplication.objects.implied_to([old]) & TagImplication.objects.implied_by([old])
    assert not Post.objects.tagged_any(*aliased, "").exists(), "every post has moved"


def assert_implications_are_applied() -> None:
    for implication in TagImplication.objects.active():
        lacking = Post.objects.tagged(implication.antecedent_name).lacking(implication.consequent_name)
        assert not lacking.exists()
