"""Words of a script that would not be heeded, or would do nothing, are refused and named."""

from cProfile import Profile

import pytest
from django.core.exceptions import ValidationError

from booru.models import BulkUpdateRequest, FavoriteGroup, Level, Pool, Post, User
from booru.models.tag_relationships.tag_relationship import ValidationContext
from booru.rules.metatags import CATEGORY_METATAGS, COUNT_SYNONYMS, EDIT_METATAGS, SEARCH_METATAGS
from tests.support.tag_factories import make_alias, make_post, make_request, make_tag, make_user

pytestmark = pytest.mark.django_db

ELSEWHERE = "can't be used here"


def refusal(line):
    """Why the line is refused, or "" when it is not."""
    errors = BulkUpdateRequest(script=line).processor.errors(ValidationContext.REQUEST)
    return "; ".join(errors)


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        ("kitty -cat -> x", "nothing is both cat and -cat"),
        ("/hr -hair_ribbon -> x", "nothing is both hair_ribbon and -hair_ribbon"),
        ("kitty -> cat", "every post that is found is like that already"),
        ("-cat -> -kitty", "every post that is found is like that already"),
        ("a -> kitty -cat", "kitty is both added and removed"),
        ("a -> char:cat -kitty", "cat is both added and removed"),
        ("a -> /hr -hair_ribbon", "/hr is both added and removed"),
    ],
)
def test_a_tag_is_the_same_under_all_its_names(line, reason):
    make_alias("kitty", "cat")
    make_tag("hair_ribbon", post_count=1)
    assert reason in refusal(f"update {line}")
    if "cat" in line:
        assert refusal(f"unalias kitty -> cat\nupdate {line}") == ""


@pytest.mark.parametrize(
    "line", ["a -> fav:mia", "a -> -fav:mia", "a -> upvote:mia", "a -> downvote:mia", "nuke fav:mia"]
)
def test_nobody_votes_for_others(line):
    line = line if line.startswith("nuke") else f"update {line}"
    assert "only the site's own account would do it" in refusal(line)


def calls_of(action):
    """How many functions it calls, which says how long it takes on any machine."""
    profile = Profile()
    profile.runcall(action)
    return sum(entry.callcount for entry in profile.getstats())


@pytest.mark.parametrize(
    "words", ["limit:1", "order:score", "a -b", "a{n} -b{n}", "(a or -b{n})", "-(a b{n})"]
)
def test_twice_the_words_take_twice_the_time(words):
    def script(size):
        return f"update {' '.join(words.format(n=n) for n in range(size))} -> c"

    few, many = (calls_of(lambda size=size: refusal(script(size))) for size in (200, 800))
    assert many < 6 * few


@pytest.mark.parametrize(
    ("search", "reason"),
    [
        ("a limit:2", f"limit:2 {ELSEWHERE}"),
        ("a random:3", f"random:3 {ELSEWHERE}"),
        ("a order:score", f"order:score {ELSEWHERE}"),
        ("a ORDER:Score limit:2", f"order:Score {ELSEWHERE}"),
        ("a -order:score", "'order:score' can't be negated."),
        ("a or limit:1", "'limit:1' can't be used with the 'or' operator."),
        ("order:id ordfav:x", "order and ordfav can't be used together."),
        ("limit:1 limit:2", "'limit:' can't be used more than once."),
        ("ordpool:nice", f"ordpool:nice {ELSEWHERE}, because posts are edited in no order: use pool:"),
        ("a search:all", "search:all finds nothing here"),
        ("a -upvote:mia", "upvote:mia finds nothing here"),
        ("a comment_count:>5", "comment_count:>5 finds nothing"),
        ("a or flagger:mia", "flagger:mia finds nothing"),
        ("-id:abc", "id:abc finds nothing"),
        ("id:1,x a", "id:1,x finds nothing"),
        ("a rating:x", "rating:x finds nothing"),
        ("a rating:s,x", "rating:s,x finds nothing"),
        ("a -status:appealed", "status:appealed finds nothing"),
        ("a is:nonsense", "is:nonsense finds nothing"),
        ("a ratio:wide", "ratio:wide finds nothing"),
        ("a date:someday", "date:someday finds nothing"),
        ("a filetype:jpeg", "filetype:jpeg finds nothing"),
        ("a -a", "nothing is both a and -a"),
        ("b or (c a -(a or d))", "nothing is both a and -a"),
        ("a rating:s -rating:s", "nothing is both rating:s and -rating:s"),
        ("char:q", "no tag is called that: 'char:q' cannot begin with 'char:'"),
        ("a -artist:q", "no tag is called that: 'artist:q' cannot begin with 'artist:'"),
        ("a (b c))", "'c)' cannot have unbalanced parentheses"),
        ("a,b", "'a,b' cannot contain commas"),
        ("/zzz", "no tag is called that"),
    ],
)
def test_searches_that_say_more_than_is_heeded(search, reason):
    message = refusal(f"mass update {search} -> y")
    assert message.startswith(f"Can't mass update {{{{{search}}}}} -> {{{{y}}}} (")
    assert reason in message


@pytest.mark.parametrize(
    "search",
    [
        *(
            "a",
            "a b",
            "~a ~b",
            "-a",
            "a or -b",
            "missing",
            "a* -b",
            "pool:nowhere",
            "-user:nobody",
            "fav:nobody",
        ),
        *("a a", "rating:s,Explicit", "status:any", "is:sfw has:children", "id:1,2,3", "id:>5", "score:<0"),
        *("age:<1w", "ratio:16:9", "source:none", "parent:none", "child:any", "filetype:png,jpg", "md5:none"),
        *(
            "unaliased:kitty",
            "/hr",
            "old__name",
            "tagcount:>5",
            "pool_count:0",
            "user:any",
            "favgroup:x",
            "kitty",
        ),
    ],
)
def test_searches_that_are_heeded(search):
    make_tag("hair_ribbon", post_count=1)
    make_tag("old__name")
    make_alias("kitty", "cat")
    assert refusal(f"update {search} -> y") == ""


def test_a_deprecated_tag_cannot_be_added_unless_an_earlier_line_allows_it():
    make_tag("x", is_deprecated=True)
    message = "The following tags are deprecated and could not be added: [[x]]"
    assert refusal("update a -> x") == f"Can't mass update {{{{a}}}} -> {{{{x}}}} ({message})"
    assert refusal("undeprecate x\nupdate a -> x") == ""
    assert refusal("update a -> -x") == ""


NEVER_HEEDED = {
    *("order", "limit", "random", "ordfav", "ordfavgroup", "ordpool", "search", "upvote", "downvote"),
    *("commenter", "comm", "noter", "noteupdater", "artcomm", "commentaryupdater", "flagger", "appealer"),
    *(
        "reacted",
        "disapproved",
        "note",
        "comment",
        "commentary",
        "embedded",
        "pixelhash",
        "pixiv_id",
        "pixiv",
    ),
    *("exif", "duration", "ai"),
}


@pytest.mark.parametrize("name", [name for name in SEARCH_METATAGS if name not in COUNT_SYNONYMS])
def test_each_metatag_of_the_search_is_heeded_or_refused(name):
    values = {
        "age": "<1d",
        "date": "2024-01-01",
        "rating": "s",
        "is": "parent",
        "has": "parent",
        "filetype": "png",
        "status": "banned",
    }
    kept = ("child", "pool")
    counts_nothing = name.endswith("_count") and not name.removesuffix("_count").endswith(kept)
    message = refusal(f"update a {name}:{values.get(name, '1')} -> y")
    assert bool(message) == (name in NEVER_HEEDED or counts_nothing), message


@pytest.mark.parametrize(
    ("edit", "reason"),
    [
        ("~x (y or z)", "Couldn't add tag: '~x' cannot begin with a '~'"),
        ("x or y", "Couldn't add tag: 'or' is a reserved name"),
        ("(y", "Couldn't add tag: '(y' cannot have unbalanced parentheses"),
        ("x*", "Couldn't add tag: 'x*' cannot contain asterisks"),
        ("-x*", "'x*' cannot contain asterisks"),
        ("--x", "'-x' cannot begin with a '-'"),
        ("order:score", "'order:score' cannot begin with 'order:'"),
        ("limit:2", "'limit:2' cannot begin with 'limit:'"),
        ("-limit:2", "'limit:2' cannot begin with 'limit:'"),
        ("char:copy:x", "Couldn't add tag: 'copy:x' cannot begin with 'copy:'"),
        ("ch:x__y", "Couldn't add tag: 'x__y' cannot contain consecutive underscores"),
        ("artist:", "Couldn't add tag: cannot be blank"),
        ("x -x", "x is both added and removed"),
        ("char:x -x", "x is both added and removed"),
        ("x x", "x can't be used more than once."),
        ("-x -x", "-x can't be used more than once."),
        ("rating:s rating:e", "'rating:' can't be used more than once."),
        ("parent:1 parent:2", "'parent:' can't be used more than once."),
        ("parent:1 -parent:1", "parent:1 and -parent:1 can't be used together."),
        ("char:x artist:x", "x can't have more than one category"),
        ("pool:nice -pool:nice", "pool:nice and -pool:nice can't be used together."),
        ("fav:self -fav:me", "fav: and -fav: can't be used together."),
        ("upvote:self downvote:self", "upvote: and downvote: can't be used together."),
        ("rating:x", "rating:x means nothing"),
        ("parent:abc", "parent:abc means nothing"),
        ("status:pending", "a post's status can be set to active or banned"),
        ("-status:active", "only banned can be taken back"),
        ("disapproved:poor", "posts cannot be disapproved here"),
        ("child:a,2", "name up to 10 posts by their ids"),
        ("-child:none", "name up to 10 posts by their ids"),
        ("child:1,2,3,4,5,6,7,8,9,10,11", "name up to 10 posts by their ids"),
        ("pool:any", "cannot be any of the following names"),
        ("-pool:none", "cannot be any of the following names"),
        ("newpool:12345", "cannot contain only digits"),
        ("pool:x", "is too short"),
        ("favgroup:nice", "the site's own account has no such favorite group"),
        (f"source:{'x' * 1201}", "Source is too long (maximum is 1200 characters)"),
        ("non-web_source", "non-web_source follows from the source"),
        ("foo_(cosplay)", "'foo' is not a character tag"),
    ],
)
def test_edits_of_which_a_part_would_do_nothing(edit, reason):
    make_tag("foo", post_count=1)
    message = refusal(f"mass update a -> {edit}")
    assert message.startswith(f"Can't mass update {{{{a}}}} -> {{{{{edit}}}}} (")
    assert reason in message


@pytest.mark.parametrize(
    "edit",
    [
        *(
            "x",
            "-x",
            "x -y",
            "char:x",
            "ch:x co:y",
            "rating:s",
            "rating:explicit",
            "source:none",
            "source:",
            "-a",
        ),
        *(
            "parent:1",
            "-parent:1",
            "parent:none",
            "child:1,2",
            "child:none",
            "pool:nowhere",
            "pool:5",
            "-pool:5",
        ),
        *(
            "pool:none",
            "newpool:'A new one'",
            "fav:self",
            "-fav:self",
            "upvote:self",
            "status:active",
            "-status:banned",
        ),
        *("favgroup:own", "-old__name", "/hr", "kitty", "bob_(cosplay)"),
    ],
)
def test_edits_that_are_heeded(edit):
    FavoriteGroup.objects.create(name="own", creator=User.objects.system())
    make_tag("hair_ribbon", post_count=1)
    make_tag("old__name")
    make_alias("kitty", "cat")
    assert refusal(f"update a -> {edit}") == ""


def test_every_metatag_of_an_edit_has_an_example():
    assert {*EDIT_METATAGS} - {*CATEGORY_METATAGS} == {
        *(
            "parent",
            "-parent",
            "rating",
            "source",
            "status",
            "newpool",
            "pool",
            "-pool",
            "favgroup",
            "-favgroup",
        ),
        *("fav", "-fav", "child", "-child", "upvote", "downvote", "disapproved", "-status"),
    }, "what does a new one do, and with which values nothing?"


@pytest.mark.parametrize(
    "line",
    [
        "a -> a",
        "a b -> b",
        "a -x -> a -x",
        "-x -> -x",
        "a rating:s -> rating:s",
        "rating:sensitive a -> a rating:s",
    ],
)
def test_edits_that_can_never_change_anything(line):
    assert "every post that is found is like that already" in refusal(f"update {line}")


@pytest.mark.parametrize(
    "line",
    [
        "a or b -> a",
        "a -> -a",
        "-x -> x",
        "rating:s,q -> rating:s",
        "source:x -> source:X",
        "a -> a pool:nice",
        "~a ~b -> b",
    ],
)
def test_edits_that_may_change_something(line):
    assert refusal(f"update {line}") == ""


@pytest.mark.parametrize(
    ("target", "reason"),
    [
        ("-x", "'-x' cannot begin with a '-'"),
        ("x*", "'x*' cannot contain asterisks"),
        ("limit:2", f"limit:2 {ELSEWHERE}"),
        ("order:score", f"order:score {ELSEWHERE}"),
        ("id:5", "'id:5' cannot begin with 'id:'"),
        ("rating:s", "can't be removed from posts"),
        ("source:x", "can't be removed from posts"),
        ("status:deleted", "only banned can be taken back"),
        ("artist:x", "no tag is called that: 'artist:x' cannot begin with 'artist:'"),
        ("x__y", "no tag is called that"),
    ],
)
def test_nukes_that_would_do_nothing(target, reason):
    message = refusal(f"nuke {target}")
    assert message.startswith(f"Can't nuke {{{{{target}}}}} (")
    assert reason in message


@pytest.mark.parametrize(
    "target",
    ["x", "missing", "X", "(x)", "old__name", "status:banned", "parent:5", "kitty", "pool:some_pool"],
)
def test_nukes_that_are_heeded(target):
    make_tag("old__name")
    make_alias("kitty", "cat")
    Pool.objects.create(name="some_pool")
    assert refusal(f"nuke {target}") == ""


def test_what_was_requested_before_is_refused_when_it_is_approved():
    posts = [make_post("a") for _ in range(3)]
    request = make_request("update a -> b")
    BulkUpdateRequest.objects.filter(pk=request.pk).update(script="update a limit:2 -> b")
    with pytest.raises(ValidationError, match="limit:2 can't be used here"):
        BulkUpdateRequest.objects.get(pk=request.pk).approve(make_user(Level.ADMIN))
    assert Post.objects.tagged("a").count() == len(posts)
