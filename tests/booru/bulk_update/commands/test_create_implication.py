import pytest
from django.core.exceptions import ValidationError

from booru.bulk_update.commands.create_implication import CreateImplication
from booru.models import Level, Post, Tag, TagAlias, TagImplication, User
from booru.models.tag_relationships.tag_relationship import ValidationContext
from booru.models.tags.tag import TagCategory
from tests.support.tag_factories import (
    apply_script,
    make_alias,
    make_implication,
    make_post,
    make_request,
    make_tag,
    make_user,
    make_wiki_page,
)

pytestmark = pytest.mark.django_db


def errors_of(script):
    with pytest.raises(ValidationError) as error:
        make_request(script)
    return error.value.messages


def active():
    return {str(implication) for implication in TagImplication.objects.active()}


def tags_of(post):
    post.refresh_from_db()
    return post.tag_string


def test_tags_that_do_not_exist_may_imply_each_other():
    make_request("imply a -> b")


def test_what_follows_from_others_is_refused():
    make_implication("a", "b")
    make_implication("b", "c")
    assert errors_of("imply a -> c") == [
        "Can't create implication [[a]] -> [[c]] (a already implies c through another implication)"
    ]


def test_what_follows_from_earlier_lines_is_refused():
    make_implication("b", "c")
    assert errors_of("imply a -> b\nimply a -> c") == [
        "Can't create implication [[a]] -> [[c]] (a already implies c through another implication)"
    ]


def test_a_circle_within_one_request_is_refused():
    assert errors_of("imply a -> b\nimply b -> a") == [
        (
            "Can't create implication [[b]] -> [[a]] "
            "(Tag implication can not create a circular relation with another tag implication)"
        )
    ]


def test_a_tree_can_be_flattened():
    make_implication("a", "b")
    make_implication("b", "c")
    apply_script("unimply a -> b\nimply a -> c")
    assert active() == {"b -> c", "a -> c"}


ALIASED = "{} tag must not be aliased to another tag"


@pytest.mark.parametrize(
    ("old", "new", "problem"),
    [
        ("a", "a", "Cannot alias or implicate a tag to itself"),
        ("x", "y", "Implication already exists"),
        ("a_", "b", "'a_' cannot end with an underscore"),
        ("aaa", "bbb", f"{ALIASED.format('Antecedent')}; {ALIASED.format('Consequent')}"),
    ],
)
def test_an_implication_that_breaks_a_rule_is_refused(old, new, problem):
    make_implication("x", "y")
    make_alias("aaa", "a")
    make_alias("bbb", "b")
    assert errors_of(f"imply {old} -> {new}") == [
        f"Can't create implication [[{old}]] -> [[{new}]] ({problem})"
    ]


def test_a_character_does_not_imply_a_copyright():
    for name, category in (("hatsune_miku", TagCategory.CHARACTER), ("vocaloid", TagCategory.COPYRIGHT)):
        make_tag(name, category)
        make_wiki_page(name)
    make_post("hatsune_miku vocaloid")
    assert errors_of("imply hatsune_miku -> vocaloid") == [
        (
            "Can't create implication [[hatsune_miku]] -> [[vocaloid]] "
            "(Can't imply a character tag to a copyright tag)"
        )
    ]


def test_a_tag_that_is_too_small_is_refused():
    make_tag("speech_bubble_censor", post_count=20)
    make_tag("speech_bubble", post_count=202_174)
    make_wiki_page("speech_bubble_censor")
    make_wiki_page("speech_bubble")
    assert errors_of("imply speech_bubble_censor -> speech_bubble") == [
        (
            "Can't create implication [[speech_bubble_censor]] -> [[speech_bubble]] "
            "([[speech_bubble_censor]] must have at least 21 posts)"
        )
    ]


def test_a_variant_makes_the_base_a_character():
    make_tag("daniel_booru_(bald)", TagCategory.CHARACTER)
    make_wiki_page("daniel_booru_(bald)")
    make_wiki_page("daniel_booru")
    apply_script("create implication daniel_booru_(bald) -> daniel_booru")
    assert Tag.objects.named("daniel_booru").category == TagCategory.CHARACTER


def test_it_makes_the_implication_and_completes_the_posts():
    for number in range(10):
        make_post(f"kitten x{number}")
    for _ in range(10):
        make_post("cat")
    make_wiki_page("kitten")
    make_wiki_page("cat")
    request = apply_script("imply kitten -> cat")
    post = Post.objects.tagged("kitten").first()
    assert tags_of(post) == "cat kitten x0"
    implication = TagImplication.objects.get()
    assert (implication.creator, implication.approver) == (request.approver, request.approver)
    assert (implication.forum_topic, implication.created_by_request) == (request.forum_topic, request)
    version = post.versions.latest("version")
    assert (version.updater, version.bulk_update_request) == (User.objects.system(), request)


def test_aliases_implications_and_edits_name_who_approved_and_who_acted():
    post = make_post("foo aaa")
    request = apply_script(
        "create alias foo -> bar\ncreate implication bar -> baz\nmass update aaa -> bbb blah"
    )
    assert tags_of(post) == "aaa bar baz bbb blah"
    assert TagAlias.objects.active().get().approver == request.approver
    assert TagImplication.objects.active().get().approver == request.approver
    assert post.versions.latest("version").updater == User.objects.system()


def test_a_request_that_failed_after_its_implication_was_made_can_be_approved_again(trouble):
    make_post("x")
    request, admin = make_request("imply a -> b\nalias x -> y"), make_user(Level.ADMIN)
    trouble.with_tag("x", ValueError("no"))
    request.approve(admin)
    with pytest.raises(ValueError, match="no"):
        request.process()
    # The lines may be forgotten too, as when the script is edited: the implication is no obstacle.
    request.lines.all().delete()
    assert request.processor.errors(ValidationContext.APPROVAL) == []
    trouble.is_over()
    made = TagImplication.objects.get()
    request.approve(admin)
    request.process()
    assert (request.status, TagImplication.objects.get()) == ("approved", made)


@pytest.mark.parametrize(
    ("tags", "level"),
    [
        ([(TagCategory.CHARACTER, 200), (TagCategory.CHARACTER, 200)], Level.MODERATOR),
        ([(TagCategory.CHARACTER, 0), (TagCategory.CHARACTER, 201)], Level.ADMIN),
        ([(TagCategory.CHARACTER, 201), (TagCategory.CHARACTER, 0)], Level.ADMIN),
        ([(TagCategory.CHARACTER, 0), (TagCategory.GENERAL, 0)], Level.ADMIN),
        ([(TagCategory.CHARACTER, 0)], Level.ADMIN),
        ([], Level.ADMIN),
    ],
)
def test_moderators_may_approve_small_characters(tags, level):
    request = make_request("imply a -> b")
    for name, tag in zip("ab", tags, strict=False):
        make_tag(name, *tag)
    assert request.approval_level == level


def test_the_dry_run_tells_which_posts_get_the_tag():
    posts = [make_post("a"), make_post("a b"), make_post("b")]
    command = CreateImplication.parse("imply a -> b")
    assert command.touched_records() == {"implications": 1}
    (edit,) = command.planned_edits()
    assert (list(edit.posts), edit.edit.add) == ([posts[0]], ("b",))
    make_implication("a", "b")
    assert command.touched_records() == {}
