import pytest
from django.core.exceptions import ValidationError

from booru.models import Level, Tag, TagAlias, TagImplication, User
from booru.models.tags.tag import TagCategory
from tests.support.tag_factories import (
    apply_script,
    make_alias,
    make_implication,
    make_post,
    make_request,
    make_tag,
    make_user,
)

pytestmark = pytest.mark.django_db


def active(model):
    return {str(relationship) for relationship in model.objects.active()}


@pytest.mark.parametrize(
    ("line", "problem"),
    [
        ("create alias tag -> tag_", "[[tag]] -> [[tag_]] ('tag_' cannot end with an underscore)"),
        ("alias aaa -> bbb", "[[aaa]] -> [[bbb]] (bbb is already aliased to ccc)"),
        ("alias bbb -> ddd", "[[bbb]] -> [[ddd]] (has already been taken)"),
        ("alias X -> x", "[[x]] -> [[x]] (Cannot alias or implicate a tag to itself)"),
        (
            "alias a_ -> b,",
            "[[a_]] -> [[b,]] ('a_' cannot end with an underscore; 'b,' cannot contain commas (','))",
        ),
    ],
)
def test_an_alias_that_breaks_a_rule_is_refused(line, problem):
    make_alias("bbb", "ccc")
    with pytest.raises(ValidationError) as error:
        make_request(line)
    assert error.value.messages == [f"Can't create alias {problem}"]


def test_it_makes_the_alias_and_moves_the_posts():
    post = make_post("aaa x")
    bur = apply_script("alias aaa -> bbb")
    post.refresh_from_db()
    assert post.tag_string == "bbb x"
    alias = TagAlias.objects.get()
    assert (alias.status, alias.approver, alias.creator) == ("active", bur.approver, bur.approver)
    assert alias.forum_topic == bur.forum_topic
    version = post.versions.latest("version")
    assert version.updater == User.objects.system()
    assert version.bulk_update_request == bur


def test_an_alias_of_an_alias_is_followed():
    apply_script("alias aaa -> bbb")
    apply_script("alias bbb -> ccc")
    assert active(TagAlias) == {"aaa -> ccc", "bbb -> ccc"}


def test_a_chain_that_failed_half_way_can_be_approved_again_from_its_start(trouble):
    post, admin = make_post("a b x"), make_user(Level.ADMIN)
    request = make_request("alias a -> b\nalias b -> c\nalias x -> y")
    trouble.with_tag("x", ValueError("no"))
    request.approve(admin)
    with pytest.raises(ValueError, match="no"):
        request.process()
    trouble.is_over()
    request.lines.all().delete()
    request.approve(admin)
    request.process()
    post.refresh_from_db()
    assert (request.status, post.tag_string) == ("approved", "c y")
    assert active(TagAlias) == {"a -> c", "b -> c", "x -> y"}


def test_an_alias_can_be_turned_round():
    post = make_post("aaa")
    apply_script("alias aaa -> bbb")
    apply_script("alias bbb -> aaa")
    post.refresh_from_db()
    assert post.tag_string == "aaa"
    assert active(TagAlias) == {"bbb -> aaa"}


def test_implications_merge():
    make_implication("bird_on_finger", "bird")
    make_implication("bird_on_hand", "bird")
    apply_script("alias bird_on_finger -> bird_on_hand")
    assert active(TagImplication) == {"bird_on_hand -> bird"}
    assert active(TagAlias) == {"bird_on_finger -> bird_on_hand"}


def test_a_general_tag_becomes_what_the_old_tag_was():
    old, new = "komeiji_koishi_no_dokidoki_daibouken", "komeiji_koishi's_heart_throbbing_adventure"
    make_tag(new)
    make_tag(old, TagCategory.COPYRIGHT)
    make_tag("touhou", TagCategory.COPYRIGHT)
    make_implication(old, "touhou")
    apply_script(f"alias {old} -> {new}")
    assert Tag.objects.named(new).category == TagCategory.COPYRIGHT
    assert active(TagImplication) == {f"{new} -> touhou"}


def test_two_tags_become_one():
    make_implication("x", "gigantamax")
    make_implication("y", "gigantamax")
    apply_script("alias x -> x/y\nalias y -> x/y")
    assert active(TagImplication) == {"x/y -> gigantamax"}
    assert active(TagAlias) == {"x -> x/y", "y -> x/y"}


def test_the_cosplay_tag_moves_too():
    post = make_post("toosaka_rin_(cosplay)")
    apply_script("alias toosaka_rin -> tohsaka_rin")
    post.refresh_from_db()
    assert post.tag_string == "cosplay tohsaka_rin tohsaka_rin_(cosplay)"


@pytest.mark.parametrize(
    ("old", "new", "level"),
    [
        ((TagCategory.ARTIST, 200), None, Level.BUILDER),
        ((TagCategory.ARTIST, 200), (TagCategory.GENERAL, 0), Level.BUILDER),
        ((TagCategory.ARTIST, 5), (TagCategory.ARTIST, 200), Level.BUILDER),
        ((TagCategory.ARTIST, 5), (TagCategory.ARTIST, 201), Level.ADMIN),
        ((TagCategory.ARTIST, 5), (TagCategory.GENERAL, 1), Level.ADMIN),
        ((TagCategory.ARTIST, 201), None, Level.ADMIN),
        ((TagCategory.GENERAL, 5), None, Level.ADMIN),
        (None, None, Level.ADMIN),
    ],
)
def test_builders_may_approve_small_artist_aliases(old, new, level):
    for name, tag in {"old": old, "next": new}.items():
        if tag is not None:
            make_tag(name, *tag)
    assert make_request("alias old -> next").approval_level == level
