import time

import pytest
from hypothesis import assume, example, given
from hypothesis import strategies as st

from booru.search.language.parser import MAX_DEPTH, parse
from booru.search.language.rewriting import push_negations_down
from booru.search.language.tree import (
    And,
    Everything,
    Metatag,
    Not,
    Nothing,
    Or,
    Tag,
    Wildcard,
    all_of,
    any_of,
    terms_of,
)

A, B, C, D = map(Tag, "abcd")


@pytest.mark.parametrize(
    ("text", "tree"),
    [
        ("", Everything()),
        (" \u3000\n", Everything()),
        ("A", A),
        ("a b", And((A, B))),
        ("a\u00a0b\nc", And((A, B, C))),
        ("a and b AND c", And((A, B, C))),
        ("a or b OR c", Or((A, B, C))),
        ("a or b c", Or((A, And((B, C))))),
        ("a or b and c or d", Or((A, And((B, C)), D))),
        ("(a or b) c", And((Or((A, B)), C))),
        ('(a or b )c source:"d"-c', And((Or((A, B)), C, Metatag("source", "d", is_quoted=True), Not(C)))),
        ("(a)(b)-c", Nothing()),
        ("(a) (b) -c", And((A, B, Not(C)))),
        ("((a)) (b (c d))", And((A, B, C, D))),
        ("-a", Not(A)),
        ("-(a b)", Not(And((A, B)))),
        ("-(-a)", Not(Not(A))),
        ("~a", A),
        ("~a b", And((A, B))),
        ("~a ~b c", And((Or((A, B)), C))),
        ("c ~a ~b", And((C, Or((A, B))))),
        ("~a c and ~b", And((A, C, B))),
        ("~a ~b and ~c ~d", And((Or((A, B)), Or((C, D))))),
        ("~a ~b and ~c ~d or ~a", Or((And((Or((A, B)), Or((C, D)))), A))),
        ("a and ~b ~c", And((A, Or((B, C))))),
        ("(~a ~b) ~c", And((Or((A, B)), C))),
        ("-(~a ~b) ~c ~(d or ~a)", And((Not(Or((A, B))), Or((C, D, A))))),
        ("(~a) ~b", And((A, B))),
        ("~(a b) ~c", Or((And((A, B)), C))),
        ("~a or ~b c", Or((A, And((B, C))))),
        (
            "orange android or_foo and(x) or:)",
            And(tuple(map(Tag, ["orange", "android", "or_foo", "and(x)", "or:)"]))),
        ),
        ("*", Wildcard("*")),
        ("Blue_* -*red*", And((Wildcard("blue_*"), Not(Wildcard("*red*"))))),
        ("not", Tag("not")),
        ("artist:bbb", Tag("artist:bbb")),
        ("/hr", Tag("/hr")),
    ],
)
def test_trees(text, tree):
    assert parse(text) == tree


@pytest.mark.parametrize(
    ("text", "tree"),
    [
        ("cat)", Tag("cat)")),
        ("(cat_(animal) dog)", And((Tag("cat_(animal)"), Tag("dog")))),
        ("(cat_(animal)) dog", And((Tag("cat_(animal)"), Tag("dog")))),
        ("(a (b c)) d", And((A, B, C, D))),
        ("(a (b or c)) d", And((A, Or((B, C)), D))),
        ("(a :)) b", And((A, Tag(":)"), B))),
        ("(:) cat", Nothing()),
        ("(a))", Tag("a)")),
        ("(source:a_(b)) c", And((Metatag("source", "a_(b)", is_quoted=True), C))),
        ("(source:a) c", And((Metatag("source", "a"), C))),
        ("source:a)", Metatag("source", "a)", is_quoted=True)),
        ("(blue_*) c", And((Wildcard("blue_*"), C))),
    ],
)
def test_whose_parentheses_they_are(text, tree):
    assert parse(text) == tree


@pytest.mark.parametrize(
    ("text", "tree"),
    [
        ("POOL:My_Pool", Metatag("pool", "My_Pool")),
        ("md5:AB", Metatag("md5", "AB")),
        ('source:"a B"', Metatag("source", "a B", is_quoted=True)),
        ("source:'a B'", Metatag("source", "a B", is_quoted=True)),
        (r'source:"a \"b\""', Metatag("source", 'a "b"', is_quoted=True)),
        (r"source:'it\'s'", Metatag("source", "it's", is_quoted=True)),
        (r"source:a\ b c", And((Metatag("source", "a b", is_quoted=True), C))),
        ('source:"none"', Metatag("source", "none", is_quoted=True)),
        ("source:none", Metatag("source", "none")),
        ("source:", Metatag("source", "")),
        ('source:"a"b', And((Metatag("source", "a", is_quoted=True), B))),
        ("-pool:a", Not(Metatag("pool", "a"))),
        ("~rating:s ~rating:g", Or((Metatag("rating", "s"), Metatag("rating", "g")))),
        ("comments:5", Metatag("comment_count", "5")),
        ("order:deleted_comments_asc", Metatag("order", "deleted_comment_count_asc")),
        ("order:Score_asc", Metatag("order", "Score_asc")),
        ("id:>=5", Metatag("id", ">=5")),
        ("user:a:b", Metatag("user", "a:b")),
    ],
)
def test_metatags(text, tree):
    assert parse(text) == tree


@pytest.mark.parametrize(
    "text",
    [
        *(
            "--a",
            "-~a",
            "~-a",
            "~~a",
            "-",
            "~",
            "- a",
            "~ a",
            ")",
            ") a",
            "(",
            "(a",
            "()",
            "a (",
            "-(",
            "a -",
        ),
        *("a or", "or", "or b", "a and", "and b", "a or or b", "(a or) b", "a or and b", "-or"),
        *('source:"a', "source:'a", 'source:"a\\"', "a source:'", "a\0b", "a \ud800"),
    ],
)
def test_syntax_errors_match_nothing(text):
    assert parse(text) == Nothing()


@pytest.mark.parametrize("depth", [MAX_DEPTH + 1, 10_000])
def test_nobody_nests_that_deep(depth):
    assert parse("(" * depth + "a" + ")" * depth) == Nothing()
    assert parse("(" * depth) == Nothing()
    assert parse("-(" * depth + "a" + ")" * depth) == Nothing()


def test_nesting_is_fine_as_far_as_it_goes():
    assert parse("(" * MAX_DEPTH + "a" + ")" * MAX_DEPTH) == A
    tree = parse("-(b or -(c " * (MAX_DEPTH // 2) + "a" + "))" * (MAX_DEPTH // 2))
    assert len(list(terms_of(push_negations_down(tree)))) == MAX_DEPTH + 1


HARD_TEXT = st.text(alphabet="ab-~()\"'\\ :*Ror_i", max_size=60)
PIECES = [
    "a",
    "b ",
    " or ",
    " and ",
    "(",
    ")",
    "-",
    "~",
    "rating:",
    '"',
    "\\ ",
    "'",
    " ",
    "*",
    ":)",
    "source:x",
]
PIECED_TEXT = st.lists(st.sampled_from(PIECES), max_size=40).map("".join)


@given(st.one_of(st.text(max_size=80), HARD_TEXT, PIECED_TEXT))
@example("(" * 200)
def test_any_text_is_read(text):
    str(push_negations_down(parse(text)))


NAMES = st.sampled_from(["a", "b_(c)", "d", ":)", "order", "/hr", "x:y", "nor", "1"])
VALUES = st.text(alphabet="aB \"'():~-*>.", max_size=8)
TERMS = st.one_of(
    NAMES.map(Tag),
    st.sampled_from(["a*", "*", "*_(b)"]).map(Wildcard),
    st.builds(Metatag, st.sampled_from(["source", "pool", "id"]), VALUES, st.just(True)),
    st.builds(Metatag, st.sampled_from(["source", "rating"]), st.sampled_from(["", "none", "a:b"])),
)
TREES = st.recursive(
    TERMS,
    lambda trees: st.one_of(
        trees.map(Not),
        st.lists(trees, min_size=2, max_size=4).map(all_of),
        st.lists(trees, min_size=2, max_size=4).map(any_of),
    ),
    max_leaves=25,
)


@given(TREES)
def test_what_is_written_is_read_as_the_same(tree):
    assert parse(str(tree)) == tree


@given(st.one_of(HARD_TEXT, PIECED_TEXT))
def test_the_normal_form_stays_what_it_is(text):
    tree = parse(text)
    terms = [str(term) for term in terms_of(tree)]
    # Such words cannot be told from the group around them, and no tag has such a name.
    assume(not any(term.count("(") != term.count(")") or term.endswith("\\") for term in terms))
    assume(tree != Nothing())
    assert parse(str(tree)) == tree


@pytest.mark.parametrize(
    "piece",
    [
        *(
            "a ",
            "-a ",
            "~a ",
            "a or ",
            "a and ",
            "(a) ",
            "(a or b) ",
            "(",
            ")",
            "a)",
            "a(",
            "(a",
            "a))))) ",
            "*",
        ),
        *(
            'source:"a" ',
            'source:"\\"',
            "source:'\\'",
            "\\ ",
            "source:\\ ",
            "order:_asc",
            "-(a ",
            ":",
            "rating:",
        ),
    ],
)
@pytest.mark.parametrize("prefix", ["", "a", "(" * MAX_DEPTH, "source:", 'source:"', "order:"])
def test_time_grows_with_the_length_and_not_with_its_square(piece, prefix):
    def seconds(size):
        text = prefix + piece * (size // len(piece))
        started = time.process_time()
        str(push_negations_down(parse(text)))
        return time.process_time() - started

    # Ten times the text takes ten times as long, not a hundred times.
    assert seconds(20_000) < max(40 * seconds(2_000), 5)


def test_negations_are_pushed_down_to_the_terms():
    tree = push_negations_down(parse("-(a -(b or c) -d)"))
    assert tree == Or((Not(A), B, C, D))
    assert push_negations_down(parse("-(-a)")) == A
