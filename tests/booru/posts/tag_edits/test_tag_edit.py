from hypothesis import given
from hypothesis import strategies as st

from booru.models.tags.tag import TagCategory
from booru.posts.tag_edits.tag_edit import TagEdit


def after(edit, tags, aliases=None):
    return " ".join(sorted(edit.with_aliases(aliases or {}).apply(frozenset(tags.split()))))


def test_words_are_added_and_hyphened_ones_removed():
    assert after(TagEdit.parse("B -a c"), "a") == "b c"


def test_reading_stops_at_a_lone_hyphen():
    assert TagEdit.parse("a - b") == TagEdit(add=("a",), unread="- b")


def test_a_tag_that_is_added_and_removed_is_removed():
    assert after(TagEdit.parse("a -a"), "a b") == "b"


def test_added_and_removed_tags_are_what_they_are_aliases_of():
    assert after(TagEdit.parse("old"), "a", {"old": "next"}) == "a next"
    assert after(TagEdit.parse("-old"), "a next", {"old": "next"}) == "a"


def test_an_alias_that_is_on_the_post_as_a_tag_stays():
    assert after(TagEdit.parse("old"), "old", {"old": "next"}) == "old"


def test_a_moved_tag_is_dropped_by_its_own_name():
    assert after(TagEdit.move("old", "next"), "a old", {"old": "next"}) == "a next"


def test_a_name_that_is_dropped_is_not_added_through_its_alias():
    assert after(TagEdit(add=("old",), drop=("old",)), "a", {"old": "next"}) == "a"


def test_metatags_are_sorted_by_what_they_are_about():
    edit = TagEdit.parse("a rating:s char:foo ch:bar pool:x source:Y status:pending")
    assert edit.add == ("a", "foo")
    assert edit.categories == (("foo", TagCategory.CHARACTER), ("bar", TagCategory.CHARACTER))
    assert edit.fields == (("rating", "s"), ("source", "Y"))
    assert edit.actions == (("pool", "x"), ("status", "pending"))


def test_the_difference_of_two_tag_strings_leaves_other_tags_alone():
    edit = TagEdit.between("a b c", "b c d")
    assert after(edit, "a b c x") == "b c d x"
    assert after(edit, "b x") == "b d x"


def test_words_that_could_not_be_read_are_not_removed():
    edit = TagEdit.between("a b c d", "a x -rating:s b c")
    assert after(edit, "a b c d") == "a b c x"
    assert edit.unread == "-rating:s b c"


def test_a_tag_that_only_gets_a_category_stays_on_the_post():
    assert after(TagEdit.between("foo b", "ch:foo b"), "foo b") == "b foo"


names = st.text(alphabet="abc", min_size=1, max_size=2)


@given(
    text=st.lists(st.one_of(names, names.map("-".__add__), names.map("char:".__add__))).map(" ".join),
    tags=st.sets(names).map(" ".join),
    aliases=st.dictionaries(names, names),
)
def test_an_edit_that_is_made_twice_changes_nothing_more(text, tags, aliases):
    edit = TagEdit.parse(text)
    once = after(edit, tags, aliases)
    assert after(edit, once, aliases) == once


def test_a_move_to_an_alias_of_the_same_tag_does_not_take_it_away():
    assert after(TagEdit.move("a", "b"), "a x", {"b": "a"}) == "a x"
