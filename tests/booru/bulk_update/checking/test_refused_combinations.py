"""Lines that are fine by themselves and cannot be carried out together, or where they meet what is there."""

import pytest
from django.core.exceptions import ValidationError

from booru.models import Artist, Level, TagAlias, TagImplication
from booru.models.tags.tag import TagCategory
from booru.posts.editing.drafts import MAX_TAGS
from booru.posts.editing.editor import PostEditor
from booru.services.tags.tag_mover import TagMover
from tests.support.factories import PostFactory
from tests.support.tag_factories import (
    apply_script,
    make_alias,
    make_implication,
    make_post,
    make_request,
    make_tag,
    make_user,
)

pytestmark = pytest.mark.django_db

CIRCULAR = "Tag implication can not create a circular relation with another tag implication"


def errors_of(script):
    with pytest.raises(ValidationError) as error:
        make_request(script)
    return error.value.messages


def active(model):
    return {str(relationship) for relationship in model.objects.active()}


@pytest.fixture
def tree():
    """a -> b -> c -> d"""
    for pair in ("ab", "bc", "cd"):
        make_implication(*pair)
    for name in "abcd":
        make_tag(name)


@pytest.mark.usefixtures("tree")
@pytest.mark.parametrize(
    ("line", "what", "was", "becomes"),
    [
        ("alias c -> a", "create alias [[c]] -> [[a]]", "[[c]] -> [[d]]", None),
        ("alias c -> a", "create alias [[c]] -> [[a]]", "[[b]] -> [[c]]", "[[b]] -> [[a]]"),
        ("alias d -> a", "create alias [[d]] -> [[a]]", "[[c]] -> [[d]]", "[[c]] -> [[a]]"),
        ("alias a -> c", "create alias [[a]] -> [[c]]", "[[a]] -> [[b]]", "[[c]] -> [[b]]"),
        ("alias a -> d", "create alias [[a]] -> [[d]]", "[[a]] -> [[b]]", "[[d]] -> [[b]]"),
        ("rename d -> a", "rename [[d]] -> [[a]]", "[[c]] -> [[d]]", "[[c]] -> [[a]]"),
        ("rename a -> c", "rename [[a]] -> [[c]]", "[[a]] -> [[b]]", "[[c]] -> [[b]]"),
    ],
)
def test_a_tag_cannot_become_one_that_it_leads_to_or_comes_from(line, what, was, becomes):
    errors = errors_of(line)
    if becomes is None:
        assert was not in errors[0], "that one can move"
        return
    assert errors == [f"Can't {what} (the implication {was} would become {becomes}: {CIRCULAR})"]


@pytest.mark.usefixtures("tree")
def test_a_tag_can_become_its_neighbour():
    post = make_post("b x")
    apply_script("alias b -> a")
    post.refresh_from_db()
    assert post.tag_string == "a c d x"
    assert active(TagImplication) == {"a -> c", "c -> d"}


@pytest.mark.parametrize(
    ("script", "problem"),
    [
        (
            "alias x -> y\nimply z -> w\nimply w -> y\nalias y -> z",
            (
                "Can't create alias [[y]] -> [[z]] "
                f"(the implication [[w]] -> [[y]] would become [[w]] -> [[z]]: {CIRCULAR})"
            ),
        ),
        ("rename c -> y\nimply d -> y", f"Can't create implication [[d]] -> [[y]] ({CIRCULAR})"),
        (
            "rename c -> y\nimply y -> e\nimply b -> e",
            "Can't create implication [[b]] -> [[e]] (b already implies e through another implication)",
        ),
    ],
)
@pytest.mark.usefixtures("tree")
def test_a_line_is_checked_against_what_those_before_it_make(script, problem):
    assert errors_of(script) == [problem]


@pytest.mark.usefixtures("tree")
def test_what_follows_from_other_implications_is_not_moved():
    make_implication("x", "d")
    make_implication("y", "b")
    make_tag("x")
    request = apply_script("alias x -> y")
    assert active(TagImplication) == {"a -> b", "b -> c", "c -> d", "y -> b"}
    assert request.status == "approved"


@pytest.mark.usefixtures("tree")
def test_a_line_that_is_refused_speaks_against_no_other():
    errors = errors_of("alias c -> a\nalias d -> n\ncategory n -> artist\nimply m -> c")
    assert len(errors) == 1
    assert errors[0].startswith("Can't create alias [[c]] -> [[a]]")
    make_tag("o", is_deprecated=True)
    errors = errors_of("alias b -> o\ncategory o -> artist")
    assert errors == ["Can't create alias [[b]] -> [[o]] ([[o]] is deprecated)"]


def test_a_tag_cannot_get_a_name_that_is_an_alias():
    make_tag("a")
    make_alias("b", "c")
    make_alias("d", "a")
    assert errors_of("rename a -> b\nrename a -> d") == [
        "Can't rename [[a]] -> [[b]] (b is already aliased to c)",
        "Can't rename [[a]] -> [[d]] (d is already aliased to a)",
    ]


@pytest.mark.usefixtures("tree")
@pytest.mark.parametrize(
    ("script", "left"),
    [
        ("update a -> -b", "b"),
        ("update a x -> -d y", "d"),
        ("update x -> a -c", "c"),
        ("update a or (a x) -> -b -c", "b]] and [[c"),
        ("imply x -> y\nupdate x -> -y", "y"),
        ("alias d -> n\nupdate a -> -n", "n"),
        ("alias n -> d\nupdate a -> -n", "d"),
        ("update navy_school_uniform -> -school_uniform", "school_uniform"),
        ("update x -> bob_(cosplay) -cosplay", "cosplay"),
    ],
)
def test_what_follows_from_another_tag_cannot_be_removed_alone(script, left):
    (error,) = errors_of(script)
    assert f"([[{left}]] could not be removed. Check for implications and try again)" in error


@pytest.mark.usefixtures("tree")
@pytest.mark.parametrize(
    "script",
    [
        "update a -> -a -b -c",
        "update a or x -> -b",
        "update b -> -a",
        "update -a -> -b",
        "unimply a -> b\nupdate a -> -b",
        "update x -> -y\nimply x -> y",
        "nuke a\nupdate a -> -b",
    ],
)
def test_what_follows_from_no_tag_that_stays_can_be_removed(script):
    assert make_request(script).pk


@pytest.mark.parametrize(
    ("line", "what", "new", "old"),
    [
        ("alias bob -> bob_(cosplay)", "create alias", "bob_(cosplay)", "bob"),
        ("alias cosplay -> bob_(cosplay)", "create alias", "bob_(cosplay)", "cosplay"),
        ("rename school_uniform -> navy_school_uniform", "rename", "navy_school_uniform", "school_uniform"),
        ("alias meme -> doge_(meme)", "create alias", "doge_(meme)", "meme"),
    ],
)
def test_a_tag_cannot_become_one_that_brings_it_along(line, what, new, old):
    make_tag(old)
    reason = f"posts with [[{new}]] always have [[{old}]] too"
    assert errors_of(line) == [f"Can't {what} [[{old}]] -> [[{new}]] ({reason})"]
    with pytest.raises(ValidationError, match="always have"):
        TagMover(old, new, PostEditor(make_user(Level.ADMIN))).move_relationships()


@pytest.mark.parametrize("line", ["create alias [[a]] -> [[b]]", "rename [[a]] -> [[b]]"])
def test_a_tag_cannot_become_one_that_may_not_be_added(line):
    make_tag("a")
    make_tag("b", is_deprecated=True)
    script = line.replace("[", "").replace("]", "")
    assert errors_of(script) == [f"Can't {line} ([[b]] is deprecated)"]


def test_nothing_implies_a_tag_that_an_earlier_line_deprecates():
    request = make_request("imply a -> b")
    make_tag("b", is_deprecated=True)
    with pytest.raises(ValidationError) as error:
        request.approve(make_user(Level.ADMIN))
    assert error.value.messages == ["Can't create implication [[a]] -> [[b]] ([[b]] is deprecated)"]


def test_an_artist_cannot_become_a_character_by_a_category_line_before():
    make_tag("a", post_count=1)
    make_tag("b")
    Artist.objects.create(name="a")
    assert errors_of("category b -> character\nalias a -> b") == [
        "Can't create alias [[a]] -> [[b]] (Artist tags must be in the Artist category)"
    ]


def test_a_cosplay_tag_must_be_able_to_follow():
    make_tag("rin", TagCategory.CHARACTER)
    make_tag("rin_(cosplay)", post_count=1)
    make_tag("tohsaka", TagCategory.COPYRIGHT, post_count=1)
    problem = "'tohsaka_(cosplay)' is not allowed because 'tohsaka' is not a character tag"
    assert errors_of("alias rin -> tohsaka") == [f"Can't create alias [[rin]] -> [[tohsaka]] ({problem})"]


def test_an_alias_of_what_has_become_another_alias_is_refused_at_approval():
    first, second = make_request("alias a -> b"), make_request("alias a -> c")
    admin = make_user(Level.ADMIN)
    first.approve(admin)
    first.process()
    with pytest.raises(ValidationError) as error:
        second.approve(admin)
    assert error.value.messages == ["Can't create alias [[a]] -> [[c]] (has already been taken)"]


def test_what_becomes_impossible_after_approval_leaves_nothing_half_done():
    post, request = make_post("c"), make_request("alias c -> a")
    request.approve(make_user(Level.ADMIN))
    make_implication("a", "b")
    make_implication("b", "c")
    with pytest.raises(ValidationError, match="circular relation"):
        request.process()
    post.refresh_from_db()
    assert (request.status, post.tag_string) == ("failed", "c")
    assert (active(TagAlias), active(TagImplication)) == (set(), {"a -> b", "b -> c"})
    with pytest.raises(ValidationError, match="circular relation"):
        request.approve(make_user(Level.ADMIN))


def full_post(*names):
    others = (f"t{number}" for number in range(MAX_TAGS - len(names)))
    return PostFactory(tag_string=" ".join([*names, *others]))


def test_an_alias_whose_posts_cannot_all_move_is_taken_back():
    full, other = full_post("a"), make_post("a")
    make_implication("b", "up")
    make_implication("a", "down")
    make_alias("old", "a")
    request = make_request("alias a -> b")
    request.approve(make_user(Level.ADMIN))
    with pytest.raises(ValidationError, match=f"cannot have more than {MAX_TAGS} tags .post #{full.pk}"):
        request.process()
    assert (active(TagAlias), active(TagImplication)) == ({"old -> a"}, {"b -> up", "a -> down"})
    type(full).objects.filter(pk=full.pk).update(tag_string="a")
    request.approve(make_user(Level.ADMIN))
    request.process()
    other.refresh_from_db()
    assert (request.status, other.tag_string) == ("approved", "b down up")
    assert active(TagAlias) == {"a -> b", "old -> b"}


def test_an_implication_whose_posts_cannot_all_follow_is_taken_back():
    full_post("a")
    request = make_request("imply a -> b")
    request.approve(make_user(Level.ADMIN))
    with pytest.raises(ValidationError, match=f"cannot have more than {MAX_TAGS} tags"):
        request.process()
    assert active(TagImplication) == set()
