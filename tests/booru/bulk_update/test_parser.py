import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from booru.bulk_update.commands.category import Category
from booru.bulk_update.commands.convert import Convert
from booru.bulk_update.commands.create_alias import CreateAlias
from booru.bulk_update.commands.create_implication import CreateImplication
from booru.bulk_update.commands.deprecate import Deprecate
from booru.bulk_update.commands.invalid_line import InvalidLine
from booru.bulk_update.commands.mass_update import MassUpdate
from booru.bulk_update.commands.nuke import Nuke
from booru.bulk_update.commands.remove_alias import RemoveAlias
from booru.bulk_update.commands.remove_implication import RemoveImplication
from booru.bulk_update.commands.rename import Rename
from booru.bulk_update.commands.undeprecate import Undeprecate
from booru.bulk_update.parser import COMMANDS, parse_script


def one(line):
    (command,) = parse_script(line)
    return command


@pytest.mark.parametrize(
    ("line", "command"),
    [
        ("create alias a -> b", CreateAlias("create alias a -> b", "a", "b")),
        ("ALIAS A -> B", CreateAlias("ALIAS A -> B", "a", "b")),
        ("  Alias  Foo\t->  Bar ", CreateAlias("Alias Foo -> Bar", "foo", "bar")),
        ("remove alias a -> b", RemoveAlias("remove alias a -> b", "a", "b")),
        ("unalias a -> b", RemoveAlias("unalias a -> b", "a", "b")),
        ("create implication a -> b", CreateImplication("create implication a -> b", "a", "b")),
        ("imply a -> b", CreateImplication("imply a -> b", "a", "b")),
        ("remove implication a -> b", RemoveImplication("remove implication a -> b", "a", "b")),
        ("unimply a -> b", RemoveImplication("unimply a -> b", "a", "b")),
        ("rename A -> b", Rename("rename A -> b", "a", "b")),
        ("mass update A b -> -c D", MassUpdate("mass update A b -> -c D", "A b", "-c D")),
        ("update a b -> c -> d", MassUpdate("update a b -> c -> d", "a b", "c -> d")),
        ("convert foo -> pool:Some_Pool", Convert("convert foo -> pool:Some_Pool", "foo", "pool:Some_Pool")),
        ("category foo -> Char", Category("category foo -> Char", "foo", "char")),
        ("category foo -> 4", Category("category foo -> 4", "foo", "4")),
        ("nuke Foo", Nuke("nuke Foo", "Foo")),
        ("deprecate Foo", Deprecate("deprecate Foo", "foo")),
        ("undeprecate foo", Undeprecate("undeprecate foo", "foo")),
    ],
)
def test_every_command_is_recognised(line, command):
    assert one(line) == command


@pytest.mark.parametrize(
    "line",
    [
        "alias a b -> c",
        "alias a > b",
        "alias a => b",
        "alias foo->bar",
        "alias a -> b c",
        "create a -> b",
        "category foo ->",
        "nuke foo bar",
        "nuke",
        "update -> b",
        "aliasa -> b",
        "ali\u0430s a -> b",
        "\u017fundeprecate a",
    ],
)
def test_anything_else_is_an_invalid_line(line):
    assert one(line) == InvalidLine(line)


def test_blank_lines_and_every_kind_of_line_end_are_fine():
    commands = parse_script("alias a -> b\r\n\r\n  \rnuke c\n\tnuke d\n")
    assert [command.line for command in commands] == ["alias a -> b", "nuke c", "nuke d"]


keywords = st.sampled_from(
    ["alias", "imply", "unalias", "unimply", "rename", "update", "convert", "category", "nuke", "deprecate"]
)
names = st.from_regex(re.compile(r"[a-z0-9_()/:>-]{1,9}", re.ASCII), fullmatch=True)
lines_like_commands = st.tuples(keywords, names, st.sampled_from([" -> ", "->", " => ", " "]), names).map(
    lambda parts: f"{parts[0]} {parts[1]}{parts[2]}{parts[3]}"
)


@given(st.lists(lines_like_commands | st.text(max_size=30)).map("\n".join))
def test_every_script_can_be_read(script):
    for command in parse_script(script):
        assert command.line == " ".join(command.line.split())
        assert command.line
        assert command.dtext


@given(lines_like_commands)
def test_no_line_is_two_commands(line):
    assert sum(command.parse(line) is not None for command in COMMANDS) <= 1


@given(lines_like_commands, st.sampled_from([" ", "\t", "\u3000"]))
def test_spaces_and_keywords_may_be_written_freely(line, space):
    keyword, rest = line.split(" ", 1)
    other = f"{space}{keyword.upper()}{space * 2}{rest.replace(' ', space * 2)}{space}"
    command, freely = one(line), one(other)
    assert type(command) is type(freely)
    if not isinstance(command, InvalidLine):
        assert {**vars(command), "line": ""} == {**vars(freely), "line": ""}


@given(names, names)
def test_the_long_form_of_a_command_is_the_same_command(old, new):
    command = one(f"alias {old} -> {new}")
    if isinstance(command, CreateAlias):
        again = one(command.dtext.replace("[[", "").replace("]]", ""))
        assert (again.old, again.new) == (command.old, command.new)
