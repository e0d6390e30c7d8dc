import pytest
from django.core.exceptions import ValidationError

from booru.models import Favorite, FavoriteGroup, Level, Pool, Post, PostVote, Tag
from booru.models.tags.tag import TagCategory
from booru.posts.editing.editor import PostEditor
from booru.posts.post_fields import FieldEdit
from booru.posts.tag_edits.tag_edit import TagEdit
from tests.support.factories import PostFactory
from tests.support.tag_factories import make_post, make_tag, make_user

pytestmark = pytest.mark.django_db


def edit(post, text, user=None):
    return PostEditor(user or make_user()).edit_post(post, TagEdit.parse(text))


def edit_all(text, user=None, **options):
    return PostEditor(user or make_user()).edit(Post.objects.all(), TagEdit.parse(text), **options)


def test_the_rating_is_the_first_letter():
    post = make_post("a")
    assert edit(post, "rating:Explicit").warnings == ()
    assert post.rating == "e"
    assert edit(post, "rating:x").warnings == ("rating:x means nothing",)
    assert post.rating == "e"


def test_the_source_keeps_its_capitals_and_an_address_its_spaces():
    post = make_post("a")
    edit(post, 'source:" Some  Book "')
    assert post.source == "Some  Book"
    edit(post, 'source:"https://x.com/A "')
    assert post.source == "https://x.com/A "
    edit(post, "source:none")
    assert post.source == ""


def test_a_source_may_not_be_too_long():
    post = make_post("a")
    with pytest.raises(ValidationError) as caught:
        edit(post, "source:" + "a" * 1201)
    assert caught.value.message_dict == {"source": ["is too long (maximum is 1200 characters)"]}


def test_a_change_of_a_field_is_a_version():
    post, parent, user = make_post("a"), make_post("b"), make_user()
    edit(post, f"rating:s source:book parent:{parent.pk}", user)
    version = post.versions.get(version=2)
    assert (version.rating, version.source, version.parent_id_was) == ("s", "book", parent.pk)
    assert version.added_tags == ["non-web_source"]
    user.refresh_from_db()
    assert user.post_update_count == 1


def test_the_parent_is_set_and_cleared():
    post, parent = make_post("a"), make_post("b")
    edit(post, f"parent:{parent.pk}")
    assert post.parent == parent
    edit(post, f"-parent:{parent.pk + 1}")
    assert post.parent == parent
    edit(post, f"-parent:{parent.pk}")
    assert post.parent is None
    edit(post, f"parent:{parent.pk}")
    edit(post, "parent:0")
    assert post.parent is None


def refusal(post, text):
    with pytest.raises(ValidationError) as caught:
        edit(post, text)
    return caught.value.messages


def test_the_rules_for_a_parent():
    post = make_post("a")
    assert refusal(post, f"parent:{post.pk}") == ["Post cannot have itself as a parent"]
    assert refusal(post, "parent:999999999") == ["Parent post does not exist"]
    assert refusal(post, "parent:99999999999999999") == ["Parent post does not exist"]
    generations = [PostFactory()]
    for _ in range(3):
        generations.append(PostFactory(parent=generations[-1]))
    message = "Post cannot have a parent-child chain more than 4 levels deep"
    assert refusal(post, f"parent:{generations[3].pk}") == [message]
    edit(post, f"parent:{generations[2].pk}")
    assert refusal(generations[0], f"parent:{make_post('x').pk}") == [message]
    crowded = PostFactory()
    PostFactory.create_batch(30, parent=crowded)
    assert refusal(post, f"parent:{crowded.pk}") == [
        f"post #{crowded.pk} cannot have more than 30 child posts"
    ]


def test_a_post_and_its_child_change_places():
    grandparent = make_post("g")
    post = make_post("a")
    child = make_post("c")
    edit(post, f"parent:{grandparent.pk}")
    edit(child, f"parent:{post.pk}")
    edit(post, f"parent:{child.pk}")
    child.refresh_from_db()
    assert (post.parent, child.parent) == (child, grandparent)
    assert child.versions.order_by("-version").first().parent_id_was == grandparent.pk


def test_children_are_named_by_their_parent():
    post, first, second = make_post("a"), make_post("b"), make_post("c")
    result = edit(post, f"child:{first.pk},{second.pk},{post.pk},999999999")
    assert list(post.children.order_by("id")) == [first, second]
    assert len(result.warnings) == 2
    edit(post, f"-child:{first.pk}")
    assert list(post.children.all()) == [second]
    edit(post, "child:none")
    assert not post.children.exists()
    assert second.versions.order_by("-version").first().parent_id_was is None


def test_a_category_prefix_makes_tags_and_moves_small_ones():
    make_tag("known")
    make_tag("large", post_count=50)
    post = make_post("a")
    edit(post, "char:Known art:new_one copy:large ch:quiet")
    categories = dict(Tag.objects.values_list("name", "category"))
    assert (categories["known"], categories["new_one"]) == (TagCategory.CHARACTER, TagCategory.ARTIST)
    assert categories["large"] == TagCategory.GENERAL
    assert categories["quiet"] == TagCategory.CHARACTER
    assert post.tag_string == "a known large new_one"
    assert (post.tag_count_artist, post.tag_count_character) == (1, 1)


def test_a_bad_name_after_a_category_prefix_is_told():
    post = make_post("a")
    result = edit(post, "char:copy:blah ch:bad_")
    assert result.warnings == (
        "Couldn't add tag: 'copy:blah' cannot begin with 'copy:'",
        "Couldn't add tag: 'bad_' cannot end with an underscore",
    )


def test_pools_get_and_lose_posts():
    user = make_user()
    posts = [make_post("a") for _ in range(3)]
    assert edit_all('newpool:"My Pool"', user) == 0
    pool = Pool.objects.get()
    assert (pool.name, pool.description) == ("My_Pool", "This pool was automatically generated")
    assert pool.post_ids == [post.pk for post in posts]
    edit_all("newpool:my_pool pool:my_pool", user)
    edit(posts[0], "-pool:MY_POOL", user)
    pool.refresh_from_db()
    assert pool.post_ids == [post.pk for post in posts[1:]]
    edit(posts[1], "pool:none", user)
    pool.refresh_from_db()
    assert pool.post_ids == [posts[2].pk]
    edit(posts[0], f"pool:{pool.pk}", user)
    pool.refresh_from_db()
    assert pool.post_ids == [posts[2].pk, posts[0].pk]


def test_what_goes_wrong_is_told_and_the_rest_is_done():
    user, post = make_user(), make_post("a")
    Pool.objects.create(name="gone", is_deleted=True)
    result = edit(
        post, "b pool:nowhere pool:gone newpool:x favgroup:mine status:active disapproved:x fav:me", user
    )
    assert result.warnings == (
        "status:active could not be done: only approvers may do this",
        "disapproved:x could not be done: posts cannot be disapproved here",
        "pool:nowhere could not be done: the pool doesn't exist",
        "pool:gone could not be done: You cannot add posts to a deleted pool",
        "newpool:x could not be done: is too short (minimum is 3 characters)",
        "favgroup:mine could not be done: you have no such favorite group",
    )
    assert post.tag_string == "a b"
    assert Favorite.objects.filter(user=user, post=post).exists()


def test_favorites_and_votes():
    user, post = make_user(), make_post("a")
    edit(post, "fav:me", user)
    assert (post.fav_count, post.score, post.up_score) == (1, 1, 1)
    edit(post, "downvote:me", user)
    assert (post.score, post.up_score, post.down_score) == (-1, 0, -1)
    edit(post, "-fav:me upvote:me", user)
    assert (post.fav_count, post.score) == (0, 1)
    assert PostVote.objects.active().get().score == 1


def test_a_banned_user_neither_votes_nor_favors():
    post = make_post("a")
    user = make_user(is_banned=True)
    assert len(edit(post, "fav:me upvote:me", user).warnings) == 2
    Favorite.objects.add(user, [post.pk])
    assert len(edit(post, "-fav:me", user).warnings) == 1
    assert Favorite.objects.filter(user=user).exists()
    assert post.score == 0


def test_a_favorite_group_is_ones_own():
    user = make_user()
    group = FavoriteGroup.objects.make(user, "Best of")
    FavoriteGroup.objects.make(make_user(), "others")
    post = make_post("a")
    assert edit(post, f"favgroup:best_of favgroup:{group.pk}", user).warnings == ()
    assert len(edit(post, "favgroup:others", user).warnings) == 1
    group.refresh_from_db()
    assert group.post_ids == [post.pk]
    edit(post, "-favgroup:best_of", user)
    group.refresh_from_db()
    assert group.post_ids == []


def test_approvers_change_the_status():
    approver = make_user(Level.APPROVER)
    post = make_post("a", is_pending=True)
    edit(post, "status:active status:banned", approver)
    assert (post.is_pending, post.is_banned, post.approver) == (False, True, approver)
    edit(post, "-status:banned", approver)
    assert not post.is_banned


def test_only_a_new_post_can_be_made_pending():
    assert make_post("a status:pending").is_pending
    post = make_post("a")
    assert len(edit(post, "status:pending").warnings) == 1
    assert not post.is_pending


def test_a_paid_reward_and_what_is_by_a_banned_artist_is_banned():
    assert make_post("a paid_reward").is_banned
    assert not make_post("a").is_banned


def test_a_form_changes_what_was_changed_in_it():
    post = make_post("a", source="book")
    seen = FieldEdit(rating="g", source="book", parent="")
    parent = make_post("b")
    typed = FieldEdit(rating="q", source="book", parent=f" {parent.pk} ")
    Post.objects.filter(pk=post.pk).update(source="another book")
    PostEditor(make_user()).edit_post(post, TagEdit(), FieldEdit.between(seen, typed))
    assert (post.rating, post.source, post.parent) == ("q", "another book", parent)


@pytest.mark.parametrize(
    ("fields", "errors"),
    [
        (FieldEdit(rating=""), {"rating": ["not selected"]}),
        (FieldEdit(rating="x"), {"rating": ["must be G, S, Q, or E"]}),
        (FieldEdit(parent="abc"), {"__all__": ["Parent post does not exist"]}),
    ],
)
def test_a_form_with_nonsense_is_refused(fields, errors):
    post = make_post("a")
    with pytest.raises(ValidationError) as caught:
        PostEditor(make_user()).edit_post(post, TagEdit(), fields)
    assert caught.value.message_dict == errors


def test_a_batch_names_the_posts_for_which_something_went_wrong():
    first, second = make_post("a"), make_post("b")
    told = []

    class Notes:
        resume_after = 0

        def expect(self, posts): ...

        def batch_done(self, last_id, looked_at, changed, skipped=()):
            told.extend((post.post_id, post.reason) for post in skipped)

    editor = PostEditor(make_user(), journal=Notes())
    edit = TagEdit.parse(f"c parent:{first.pk} pool:nowhere")
    assert editor.edit(Post.objects.all(), edit, skips_invalid=True) == 1
    assert told == [
        (first.pk, "Post cannot have itself as a parent"),
        (second.pk, "pool:nowhere could not be done: the pool doesn't exist"),
    ]
    first.refresh_from_db()
    assert first.tag_string == "a"
