"""What searches mean, against a second reading of the rules, and against how they were put together."""

from fnmatch import fnmatchcase
from itertools import chain, combinations

from hypothesis import HealthCheck, assume, example, given, settings
from hypothesis import strategies as st

from booru.search.language import SearchQuery
from booru.search.language.parser import MAX_DEPTH, parse, read
from booru.search.language.tree import And, Everything, Metatag, Not, Nothing, Or, Tag, Wildcard, terms_of
from tests.booru.search.language import naive

WORDS = ["a", "ab", "c_(d)", ":)", "source:x y"]
# One with every set of the words.
POSTS = [set(words) for words in chain.from_iterable(combinations(WORDS, n) for n in range(len(WORDS) + 1))]
ALL = frozenset(range(len(POSTS)))


def fits(tree, post):
    match tree:
        case Tag(name):
            is_so = name in post
        case Wildcard(pattern):
            is_so = any(fnmatchcase(word, pattern) for word in post if not word.startswith("source:"))
        case Metatag(name, value):
            is_so = f"{name}:{value}" in post
        case Not(child):
            is_so = not fits(child, post)
        case And(children):
            is_so = all(fits(child, post) for child in children)
        case Or(children):
            is_so = any(fits(child, post) for child in children)
        case _:
            is_so = tree == Everything()
    return is_so


def found(text):
    tree = parse(text)
    return {number for number, post in enumerate(POSTS) if fits(tree, post)}


# However busy the machine is.
IN_ITS_TIME = {"deadline": None, "suppress_health_check": [HealthCheck.too_slow, HealthCheck.filter_too_much]}
PIECES = [
    *("a", "ab", "c_(d)", ":)", "a*", "*", "SOURCE:a", 'source:"x y"', "source:x\\ y", "source:'x y'"),
    *(
        "(",
        ")",
        "-",
        "~",
        " ",
        " ",
        "\u3000",
        " or ",
        " AND ",
        " and ",
        "or",
        "and",
        "Or(",
        "(or ",
        "'",
        '"',
        "\\",
    ),
]
TEXTS = st.lists(st.sampled_from(PIECES), max_size=25).map("".join)


@settings(**IN_ITS_TIME)
@given(TEXTS)
@example("~a ~ab and ~c_(d) ~:)")
@example("~a or ~ab -c_(d)")
@example("(a :)) -ab")
@example("(a c_(d)) or ab)")
@example('(source:a) source:"x y"(a)')
def test_any_text_means_what_the_rules_say(text):
    assert found(text) == naive.find(text, POSTS)


SPACES = st.sampled_from([" ", "  ", "\n", "\u3000 "])
TERMS = st.sampled_from(
    [
        *[(text, frozenset(naive.find(text, POSTS))) for text in ("a", "AB", "c_(d)", ":)", "a*")],
        ('source:"x y"', frozenset(n for n, post in enumerate(POSTS) if "source:x y" in post)),
        ("missing", frozenset()),
    ]
)


@st.composite
def conjunctions(draw, parts):
    """`a -(b or c) ~d ~e and ~f`, with what it finds."""
    texts, result = [], ALL
    for group in draw(
        st.lists(
            st.lists(st.tuples(st.sampled_from("+-~"), parts), min_size=1, max_size=4), min_size=1, max_size=2
        )
    ):
        space = draw(SPACES)
        texts.append(space.join(sign.strip("+") + text for sign, (text, _) in group))
        options = [numbers for sign, (_, numbers) in group if sign == "~"]
        result = result & frozenset.union(*options) if options else result
        for sign, (_, numbers) in group:
            result = {"+": result & numbers, "-": result - numbers, "~": result}[sign]
    return draw(st.sampled_from([" and ", " AND  ", "\nAnd "])).join(texts), result


@st.composite
def alternatives(draw, parts):
    some = draw(st.lists(conjunctions(parts), min_size=1, max_size=3))
    keyword = draw(st.sampled_from([" or ", " OR\t", "  oR "]))
    return keyword.join(text for text, _ in some), frozenset.union(*(numbers for _, numbers in some))


def in_parentheses(searches):
    return st.tuples(searches, st.sampled_from(["({})", "( {} )", "(({}))"])).map(
        lambda pair: (pair[1].format(pair[0][0]), pair[0][1])
    )


SEARCHES = alternatives(st.recursive(TERMS, lambda parts: in_parentheses(alternatives(parts)), max_leaves=5))


@settings(max_examples=40, **IN_ITS_TIME)
@given(SEARCHES)
def test_a_search_means_what_it_was_put_together_from(search):
    text, numbers = search
    assert found(text) == numbers


@settings(**IN_ITS_TIME)
@given(TEXTS)
@example("(~a ~ab) ~c_(d) and ~(a ~b or -c)")
@example("~a ~(ab source:x\\ y\\)")
@example("a source:x\\ y\\")
def test_the_normal_forms_mean_the_same_and_stay_what_they_are(text):
    query = SearchQuery.parse(text)
    # Such words cannot be told from the group around them, and no tag has such a name.
    assume(
        all(naive.is_balanced(str(term)) for term in terms_of(query.tree) if not isinstance(term, Metatag))
    )
    assume(not query.is_null)
    assert read(query.as_written) == query.written
    assert parse(str(query)) == query.tree
    assert found(query.as_written) == found(str(query)) == found(text)


def test_long_and_deep_searches_are_read_or_refused():
    assert found(" or ".join(["a"] * 5000)) == found("a")
    assert found("~a " * 5000) == found("a")
    assert found("(" * MAX_DEPTH + "a" + ")" * MAX_DEPTH) == found("a")
    assert parse("(" * (MAX_DEPTH + 1) + "a" + ")" * (MAX_DEPTH + 1)) == Nothing()
