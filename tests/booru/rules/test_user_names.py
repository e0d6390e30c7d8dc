import pytest

from booru.rules.user_names import normalize_user_name, pretty_user_name, user_name_error


@pytest.mark.parametrize(
    "name",
    [
        *("ab", "Alice", "a.b-c_d", "x" * 24, "user_12x", "user12", "members", "a.htmlx"),
        *("日本語", "かな", "カタカナー", "한국어", "ㄅㄆ", "人々"),
    ],
)
def test_good_names(name):
    assert user_name_error(name) is None


@pytest.mark.parametrize(
    ("name", "error"),
    [
        ("", "must be more than 1 character long"),
        ("a", "must be more than 1 character long"),
        ("x" * 25, "must be less than 25 characters long"),
        ("a b", "can't contain whitespace"),
        ("a\u3000b", "can't contain whitespace"),
        ("a\u200bb", "can't contain whitespace"),
        ("a\u3164b", "can't contain whitespace"),
        ("a\u2800b", "can't contain whitespace"),
        ("_abc", "can't start with '_'"),
        ("~abc", "can't start with '~'"),
        ("-abc", "can't start with '-'"),
        ("abc.", "can't end with '.'"),
        ("abc_", "can't end with '_'"),
        ("abc.html", "can't end with a file extension"),
        ("abc.PNG", "can't end with a file extension"),
        ("a__b", "can't contain multiple underscores in a row"),
        ("a,b", "can't contain ','"),
        ("a,b@c", "can't contain ',' and '@'"),
        ("a,b@c:d,e", "can't contain ',', '@', and ':'"),
        ("a<b>c", "can't contain '<' and '>'"),
        ("caf\u00e9", "must contain only basic letters or numbers"),
        ("\u0438\u0432\u0430\u043d", "must contain only basic letters or numbers"),
        ("ab\U0001f4a9", "must contain only basic letters or numbers"),
        ("user_123", "can't be the same as a deleted user"),
        ("User_1", "can't be the same as a deleted user"),
        ("any", "is a reserved name and can't be used"),
        ("Administrator", "is a reserved name and can't be used"),
        ("custom_style", "is a reserved name and can't be used"),
        ("Gold", "is a reserved name and can't be used"),
        ("badword1", "is not allowed"),
    ],
)
def test_only_the_first_broken_rule_is_told(name, error):
    assert user_name_error(name, reserved=["gold"], forbidden=["^BADword"]) == error


@pytest.mark.parametrize(
    ("name", "pretty"),
    [("alice", "alice"), ("foo_bar", "foo bar"), ("foo__bar_baz", "foo bar baz"), ("_foo_", "_foo_")],
)
def test_underscores_between_other_characters_are_read_as_spaces(name, pretty):
    assert pretty_user_name(name) == pretty


def test_names_are_compared_without_capitals_and_with_underscores():
    assert normalize_user_name(" Foo Bar ") == "foo_bar"
