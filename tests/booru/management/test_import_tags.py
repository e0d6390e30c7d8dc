import io
import time
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from booru.models import Artist, Tag, TagAlias
from booru.posts.creation import create_post
from tests.support.factories import UserFactory
from tests.support.waiting import PATIENCE

pytestmark = pytest.mark.django_db
REAL = Path(__file__).resolve().parents[4] / "shared" / "data" / "danbooru-tags.csv"


@pytest.fixture
def import_tags(tmp_path):
    def run(text, **options):
        path = tmp_path / "tags.csv"
        path.write_bytes(text.encode() if isinstance(text, str) else text)
        out, err = io.StringIO(), io.StringIO()
        call_command("import_tags", str(path), stdout=out, stderr=err, **options)
        return out.getvalue(), err.getvalue()

    return run


def test_tags_and_their_aliases_are_made(import_tags):
    out, err = import_tags('highres,5,100,"hires,high_res"\nsmile,0,50,:)\nsolo,0,70,\nTall Tree,0,3\n')
    assert err == ""
    assert "Tags: 4 made" in out
    assert "Aliases: 3 made" in out
    assert set(Tag.objects.values_list("name", "category")) >= {
        ("highres", 5),
        ("tall_tree", 0),
        ("hires", 5),
    }
    assert Tag.objects.get(name="tall_tree").words == ["tall", "tree"]
    alias = TagAlias.objects.get(antecedent_name=":)")
    assert (alias.consequent_name, alias.status, alias.creator.is_system) == ("smile", "active", True)


def test_bad_lines_are_reported_by_number_and_left_out(import_tags):
    lines = [
        "solo,0,1,",
        "",
        "only_a_name",
        "a,2,1,",
        "b,0,many,",
        "*,0,1,",
        ",0,1,",
        'c,0,1,"open',
        "d,0,5,x*",
        "e,5,9,",
    ]
    out, err = import_tags("\n".join(lines))
    assert [line.partition(":")[0] for line in err.splitlines()] == [
        f"line {n}" for n in (3, 4, 5, 6, 7, 8, 9)
    ]
    assert "Bad lines: 7" in out
    assert set(Tag.objects.values_list("name", flat=True)) == {"solo", "d", "e"}


def test_the_file_may_be_imported_twice(import_tags):
    text = 'highres,5,100,"hires,high_res"\nsolo,0,70,\n'
    import_tags(text)
    out, err = import_tags(text)
    assert err == ""
    assert "Tags: 0 made, 0 updated, 2 unchanged" in out
    assert "Aliases: 0 made, 2 known" in out
    assert TagAlias.objects.count() == 2


def test_the_last_of_repeated_lines_counts(import_tags):
    out, _ = import_tags("solo,0,1,\nmiku,0,1,\nsolo,5,2,\n")
    assert "Tags: 2 made, 0 updated, 0 unchanged, 1 repeated" in out
    assert Tag.objects.get(name="solo").category == 5


def test_a_new_category_reaches_the_posts(import_tags):
    post = create_post(UserFactory(), "miku solo")
    out, _ = import_tags("miku,4,9,\n")
    assert "1 updated" in out
    post.refresh_from_db()
    assert (post.tag_count_character, post.tag_count_general) == (1, 1)


def test_counts_are_those_of_the_site_unless_the_files_are_wanted(import_tags):
    create_post(UserFactory(), "solo")
    import_tags("solo,0,70,\nsmile,0,5,\n")
    assert dict(Tag.objects.values_list("name", "post_count")) == {"solo": 1, "smile": 0}
    import_tags("solo,0,70,\nsmile,0,5,\n", counts="file")
    assert dict(Tag.objects.values_list("name", "post_count")) == {"solo": 70, "smile": 5}


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("cat,0,1,dog\ndog,0,1,\n", "it is a tag of its own in this file"),
        ("cat,0,1,kitty\ndog,0,1,kitty\n", "it stands for cat already"),
        ("cat,0,1,used\n", "it is on posts here"),
        ("cat,0,1,target\n", "other aliases stand for it here"),
        ("old,0,1,older\n", "old itself stands for target here"),
    ],
)
def test_an_alias_that_would_conflict_is_left_out(import_tags, text, reason):
    user = UserFactory()
    create_post(user, "used")
    TagAlias.objects.create_valid("old", "target", creator=user)
    out, err = import_tags(text)
    assert reason in err
    assert "1 in conflict" in out


def test_old_names_may_break_the_rules_for_new_ones(import_tags):
    _, err = import_tags('pokémon,3,1,"ポケモン,a__b"\n')
    assert err == ""
    assert TagAlias.objects.count() == 2


def test_a_tag_with_an_artist_entry_stays_an_artist(import_tags):
    Tag.objects.create(name="bkub", category=1)
    Artist.objects.create(name="bkub")
    _, err = import_tags("bkub,0,1,\n")
    assert "Artist tags must be in the Artist category" in err
    assert Tag.objects.get(name="bkub").category == 1


def test_a_tag_that_is_an_alias_keeps_its_category(import_tags):
    TagAlias.objects.create_valid("old", "better", creator=UserFactory())
    _, err = import_tags("old,4,1,\n")
    assert "Can't change the category of an aliased tag" in err
    assert Tag.objects.get(name="old").category == 0


def test_a_byte_order_mark_and_windows_line_ends_do_no_harm(import_tags):
    import_tags(b"\xef\xbb\xbfsolo,0,1,\r\nsmile,0,1,\r\n")
    assert set(Tag.objects.values_list("name", flat=True)) == {"solo", "smile"}


@pytest.mark.parametrize(
    "content", [b"caf\xe9,0,1,\n", b"\x7fELF\x02\x01\x00\xff\xff", b"no tag\nnor this\n"]
)
def test_another_kind_of_file_is_refused(import_tags, content):
    with pytest.raises(CommandError, match=r"tags\.csv"):
        import_tags(content)
    assert not Tag.objects.exists()


def test_a_missing_file_is_refused():
    with pytest.raises(CommandError, match=r"/nowhere/tags\.csv cannot be read: No such file"):
        call_command("import_tags", "/nowhere/tags.csv")


def test_the_standard_input_can_be_the_file(monkeypatch):
    monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO("solo,0,1,ソロ\n".encode())))
    call_command("import_tags", "-", stdout=io.StringIO())
    assert Tag.objects.filter(name__in=["solo", "ソロ"]).count() == 2


@pytest.mark.skipif(not REAL.exists(), reason="the real tags are not here")
def test_the_real_tags_are_imported_in_seconds():
    start = time.monotonic()
    out = io.StringIO()
    call_command("import_tags", str(REAL), stdout=out, stderr=io.StringIO())
    assert time.monotonic() - start < PATIENCE
    assert "Tags: 52,552 made" in out.getvalue()
    assert "Bad lines: 0" in out.getvalue()
    assert TagAlias.objects.count() > 10_000
