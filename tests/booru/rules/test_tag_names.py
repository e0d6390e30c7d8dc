import pytest

from booru.rules.tag_names import CosplayBase, normalize_tag_name, tag_name_errors, words_of


@pytest.mark.parametrize(
    ("name", "problem"),
    [
        ("", "cannot be blank"),
        ("__", "cannot be blank"),
        ("a*", "'a*' cannot contain asterisks ('*')"),
        ("a,b", "'a,b' cannot contain commas (',')"),
        ("-a", "'-a' cannot begin with a '-'"),
        ("~a", "'~a' cannot begin with a '~'"),
        ("/a", "'/a' cannot begin with a '/'"),
        ("tag_", "'tag_' cannot end with an underscore"),
        ("a__b", "'a__b' cannot contain consecutive underscores"),
        ("a\x07b", "'a\x07b' cannot contain non-printable characters"),
        ("café", "'café' must consist of only ASCII characters"),
        ("rating:s", "'rating:s' cannot begin with 'rating:'"),
        ("Comments:3", "'comments:3' cannot begin with 'comments:'"),
        ("art:foo", "'art:foo' cannot begin with 'art:'"),
        ("-pool:x", "'-pool:x' cannot begin with a '-'"),
        ("new", "'new' is a reserved name and cannot be used"),
        ("a)", "'a)' cannot have unbalanced parentheses"),
        ("a)(", "'a)(' cannot have unbalanced parentheses"),
        ("x" * 171, f"'{'x' * 171}' cannot be more than 170 characters long"),
    ],
)
def test_a_bad_name_is_told_why(name, problem):
    assert tag_name_errors(name) == [problem]


@pytest.mark.parametrize("name", [":)", ">:(", "foo_(bar)", "1girl", "source:", "x/y", "x" * 170, "a:b"])
def test_a_good_name_has_no_errors(name):
    assert tag_name_errors(name) == []


def test_length_and_parentheses_are_checked_beside_the_other_rules():
    name = "-(" + "x" * 170
    assert len(tag_name_errors(name)) == 3


@pytest.mark.parametrize(
    ("base", "problem"),
    [
        (None, None),
        (CosplayBase(None, is_character=True, is_empty=False), None),
        (CosplayBase(None, is_character=False, is_empty=True), None),
        (
            CosplayBase(None, is_character=False, is_empty=False),
            "'x_(cosplay)' is not allowed because 'x' is not a character tag",
        ),
        (
            CosplayBase("y", is_character=True, is_empty=False),
            "'x_(cosplay)' is not allowed because 'x' is aliased to 'y'",
        ),
    ],
)
def test_a_cosplay_tag_needs_a_character(base, problem):
    assert tag_name_errors("x_(cosplay)", lambda name: base if name == "x" else None) == (
        [problem] if problem else []
    )


def test_names_are_normalised():
    assert normalize_tag_name(" FOO BAR ") == "foo_bar"


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("hair_ribbon", ["hair", "ribbon"]),
        ("jack-o'-lantern", ["jack", "o", "lantern"]),
        ("fate/stay_night_(series)", ["fate", "stay", "night", "series"]),
        ("don't", ["don't"]),
        (":d", [":d"]),
        ("1girl", ["1girl"]),
    ],
)
def test_a_name_falls_into_words(name, words):
    assert words_of(name) == words
