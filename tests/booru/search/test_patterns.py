import pytest
from django.db import connection
from hypothesis import given
from hypothesis import strategies as st

from booru.search.patterns import UnsuitablePattern, check_pattern, is_understood

LOOK_AROUND = "Regular expressions with look-around or back references can't be searched for"
TOO_MUCH = "Regular expression repeats too much; use smaller numbers in {}"


@pytest.mark.parametrize(
    "pattern",
    [
        "(?=.*y)x",
        "x(?!y)",
        "(?<=y)x",
        "(?<!y)x",
        r"(a)\1",
        r"(a|b)*\2",
        "(?#[)(?=y)x(?#])",
        "(?x)#[\n(?=y)x#]",
    ],
)
def test_look_around_and_back_references_are_refused(pattern):
    with pytest.raises(UnsuitablePattern, match="look-around") as refusal:
        check_pattern(pattern)
    assert refusal.value.messages == [LOOK_AROUND]


@pytest.mark.parametrize(
    "pattern", ["(a{99}){99}", "((a{1,20}){20,}){20}", "((a?){200}b){20}", "(" * 60 + "a" + "{2})" * 60]
)
def test_repeated_repetitions_are_refused(pattern):
    with pytest.raises(UnsuitablePattern) as refusal:
        check_pattern(pattern)
    assert refusal.value.messages == [TOO_MUCH]


def test_what_is_very_long_is_refused():
    check_pattern("x" * 500)
    with pytest.raises(UnsuitablePattern, match="too long"):
        check_pattern("x" * 501)


@pytest.mark.django_db
@pytest.mark.parametrize(
    "pattern",
    [
        "^a+$",
        "(?:a|b)*",
        "[[:alpha:]]{2,5}",
        r"\mtouhou\M",
        "(?i)X",
        "a{255}",
        "[]()]",
        r"\(a\)",
        "(a(b(c)))",
    ],
)
def test_others_are_for_the_database(pattern):
    assert is_understood(pattern)


@pytest.mark.django_db
@given(st.text("ax(){}[]\\?*+|.,=!<:1290^$ ", max_size=40))
def test_whatever_passes_is_read_once(pattern):
    """A text of that length takes the database minutes with look-around."""
    try:
        understood = is_understood(pattern)
    except UnsuitablePattern:
        return
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL statement_timeout = '20s'")
        if understood:
            cursor.execute("SELECT repeat('xa', 10000) ~ %s", [pattern])


@pytest.mark.parametrize(
    "pattern",
    [
        r"(?b)\(\(a\{255\}\)\{255\}\)\{255\}",
        "(?x)((a{255}) {255}) {255}",
        r"***:(?ix)((a{255}) {255}) {255}",
        "((a{255})(?#c){255})(?#c){255}",
        r"(?e)[\](((a{255}){255}){255})]",
    ],
)
def test_repetitions_are_not_hidden_in_another_syntax(pattern):
    with pytest.raises(UnsuitablePattern, match="comments or the options"):
        check_pattern(pattern)


@pytest.mark.parametrize("pattern", ["(?i)box", "(?:exb)", "***=a b", "(?n)a", "***:(?i)a", "(?:x)(?:b)"])
def test_other_options_are_understood(pattern):
    check_pattern(pattern)
