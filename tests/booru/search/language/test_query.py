import pytest

from booru.search.language import SearchQuery, normalize_search


@pytest.mark.parametrize(
    ("text", "simple_tag", "tag_names"),
    [
        ("Blue_Sky CLOUD", None, ["blue_sky", "cloud"]),
        ("cat or dog bird", None, ["bird", "cat", "dog"]),
        ("~cat ~dog bird", None, ["bird", "cat", "dog"]),
        ("-(cat dog)", None, ["cat", "dog"]),
        ("cat)", "cat)", ["cat)"]),
        ("(cat)", "cat", ["cat"]),
        ("(cat_(animal) dog)", None, ["cat_(animal)", "dog"]),
        ("POOL:My_Pool", None, []),
        ("artist:bbb", "artist:bbb", ["artist:bbb"]),
        ("blue_* -red_*", None, []),
        ("(:) cat", None, []),
        ("not", "not", ["not"]),
        ("cat cat", None, ["cat", "cat"]),
        ("-cat", None, ["cat"]),
    ],
)
def test_plain_tags(text, simple_tag, tag_names):
    query = SearchQuery.parse(text)
    assert query.simple_tag == simple_tag
    assert query.tag_names == tag_names


def test_null_and_empty_searches():
    assert SearchQuery.parse("(:) cat").is_null
    assert not SearchQuery.parse("cat").is_null
    assert SearchQuery.parse(" ").is_empty
    assert not SearchQuery.parse("(").is_empty


def test_a_search_that_is_one_metatag():
    assert SearchQuery.parse("POOL:My_Pool").metatag("pool") == "My_Pool"
    assert SearchQuery.parse("-pool:my_pool").metatag("pool") is None
    assert SearchQuery.parse("ordpool:my_pool").metatag("pool") is None
    assert SearchQuery.parse("pool:a b").metatag("pool") is None


def test_single_tags_may_stand_beside_other_terms():
    assert SearchQuery.parse("-cat rating:s").has_single_tag
    assert not SearchQuery.parse("cat cat").has_single_tag
    assert not SearchQuery.parse("rating:s").has_single_tag


@pytest.mark.parametrize(
    ("text", "tags"),
    [
        ("a b -c rating:s", {"a", "b"}),
        ("-(-a or c)", {"a"}),
        ("(a b) or (a c)", {"a"}),
        ("a or b", set()),
        ("-a", set()),
        ("a* pool:x", set()),
        ("", set()),
        ("(", set()),
    ],
)
def test_the_tags_that_all_posts_have(text, tags):
    assert SearchQuery.parse(text).required_tags == tags


@pytest.mark.parametrize(
    ("text", "normal"),
    [
        ("  Cat   DOG ", "cat dog"),
        ("cat and dog", "cat dog"),
        ("~cat ~dog", "cat or dog"),
        ("~cat ~dog bird", "(cat or dog) bird"),
        ("cat or (dog bird)", "cat or (dog bird)"),
        ("cat or dog bird", "cat or (dog bird)"),
        ("-(cat dog)", "-(cat dog)"),
        ("-(cat)", "-cat"),
        ("((cat) (dog))", "cat dog"),
        ("Source:'a B' c", 'source:"a B" c'),
        (r"source:a\ b", 'source:"a b"'),
        ("source:Foo", "source:Foo"),
        ("", ""),
        ('  "a  source:"b  ', '"a source:"b'),
    ],
)
def test_the_normal_text_form(text, normal):
    assert normalize_search(text) == normal


def test_aliases_are_replaced_wherever_they_stand():
    aliases = {"kitty": "cat", "puppy": "dog"}
    text = "Kitty -puppy (kitty or source:kitty kitt*)"
    assert normalize_search(text, aliases) == "cat -dog (cat or (source:kitty kitt*))"
    assert SearchQuery.parse("kitty").with_aliases(aliases).simple_tag == "cat"
