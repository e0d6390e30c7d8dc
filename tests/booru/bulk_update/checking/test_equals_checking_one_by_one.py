"""A script is checked against a picture of the site; one check a line in the database says the same."""

from __future__ import annotations

from dataclasses import dataclass

import pytest
from django.db import transaction
from hypothesis import given, settings
from hypothesis import strategies as st

from booru.bulk_update.checking.picture_loading import load_picture
from booru.bulk_update.parser import parse_script
from booru.models import Artist, Pool
from booru.models.tag_relationships.tag_relationship import ValidationContext
from booru.models.tags.tag import TagCategory
from tests.booru.bulk_update.checking.one_by_one import errors_one_by_one
from tests.support.factories import PostFactory
from tests.support.tag_factories import make_alias, make_implication, make_tag, make_user, make_wiki_page

NAMES = ["a", "b", "c", "d", "a_(cosplay)", "b_(cosplay)", "bird_on_hand", "long_hair"]
name = st.sampled_from(NAMES)
pairs = st.tuples(name, name)
typed = st.sampled_from([*NAMES, "A", "-a", "tag_", "a,b", "(c", "new", "/lh", "/boh", "a*"])
pools = st.sampled_from(["pool:first", "pool:FIRST", "pool:other", "pool:12345678", "pool:x", "a b", "c"])
commands = st.one_of(
    st.builds("{} {} -> {}".format, st.sampled_from(["alias", "unalias", "imply", "unimply"]), name, typed),
    st.builds("imply {} -> {}".format, name, name),
    st.builds("rename {} -> {}".format, typed, typed),
    st.builds("category {} -> {}".format, typed, st.sampled_from(["artist", "char", "general", "what"])),
    st.builds("{} {}".format, st.sampled_from(["deprecate", "undeprecate"]), typed),
    # What their words are refused for is not looked up: see test_words.
    st.builds("nuke {}".format, st.sampled_from([*NAMES, "A"])),
    st.builds("nuke {}".format, pools),
    st.builds(
        "update {} -> {}".format, st.sampled_from(["(a", "a or b"]), st.sampled_from(["a", "c", "new_one"])
    ),
    st.builds("convert {} -> {}".format, typed, pools),
    st.builds("convert {} -> {}".format, pools, typed),
    st.just("make it so"),
)


@dataclass(frozen=True)
class Site:
    tags: dict[str, tuple[int, int, bool]]
    aliases: list[tuple[str, str]]
    implications: list[tuple[str, str]]
    pages: dict[str, tuple[str, bool]]
    artists: set[str]
    posts: list[set[str]]
    description: str


sites = st.builds(
    Site,
    tags=st.dictionaries(
        name,
        st.tuples(st.sampled_from(TagCategory.values), st.sampled_from([0, 3, 12, 250]), st.booleans()),
    ),
    aliases=st.lists(pairs, max_size=3),
    implications=st.lists(pairs, max_size=4),
    pages=st.dictionaries(name, st.tuples(st.sampled_from(["Words.", ""]), st.booleans())),
    artists=st.sets(name, max_size=2),
    posts=st.lists(st.sets(name, min_size=1), max_size=4),
    description=st.sampled_from(["Words.", ""]),
)


@pytest.mark.django_db
@pytest.mark.parametrize("context", [ValidationContext.REQUEST, ValidationContext.APPROVAL])
@settings(max_examples=40, deadline=None)
@given(site=sites, script=st.lists(commands, min_size=1, max_size=7))
def test_the_rules_for_each_line_are_the_same(context, site, script):
    with transaction.atomic():
        build(site)
        parsed = parse_script("\n".join(script))
        picture = load_picture(parsed)
        assert [command.errors(context, picture) for command in parsed] == errors_one_by_one(parsed, context)
        transaction.set_rollback(True)


def build(site: Site) -> None:
    user = make_user()
    for one, (category, post_count, is_deprecated) in site.tags.items():
        make_tag(one, category, post_count, is_deprecated=is_deprecated)
    for alias in site.aliases:
        make_alias(*alias, creator=user)
    for implication in site.implications:
        make_implication(*implication, creator=user)
    for title, (body, is_deleted) in site.pages.items():
        make_wiki_page(title, body, is_deleted=is_deleted)
    for one in site.artists:
        Artist.objects.create(name=one)
    for tags in site.posts:
        PostFactory(tag_string=" ".join(sorted(tags)), uploader=user)
    Pool.objects.create(name="First", description=site.description)
