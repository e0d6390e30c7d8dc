from booru.posts.tag_edit import TagEdit


def after(edit, tags, aliases=None):
    return " ".join(sorted(edit.with_aliases(aliases or {}).apply(frozenset(tags.split()))))


def test_words_are_added_and_hyphened_ones_removed():
    assert after(TagEdit.parse("B -a c"), "a") == "b c"


def test_reading_stops_at_a_lone_hyphen():
    assert TagEdit.parse("a - b") == TagEdit(add=("a",))


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
