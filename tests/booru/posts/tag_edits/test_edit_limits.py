import pytest
from django.core.exceptions import ValidationError

from booru.models import Level, Tag
from booru.posts.editing.editor import PostEditor
from booru.posts.tag_edits.tag_edit import TagEdit
from tests.support import database_clock
from tests.support.tag_factories import make_post, make_tag, make_user

pytestmark = pytest.mark.django_db

NEW = "You can't create more than 20 new tags per 1 minute. Wait a while and try again"
CHANGED = "You can't add or remove more than 100 tags per 1 minute. Wait a while and try again"


@pytest.fixture
def post(settings):
    made = make_post("a")
    settings.DANBOORU_RATE_LIMITS = True
    database_clock.stand_still()
    return made


def edit(post, names, user):
    PostEditor(user).edit_post(post, TagEdit(add=tuple(names)))


def test_a_member_makes_twenty_tags_a_minute(post):
    user = make_user()
    edit(post, [f"new{number}" for number in range(20)], user)
    with pytest.raises(ValidationError, match=NEW):
        edit(post, ["another"], user)
    assert not Tag.objects.filter(name="another").exists()
    edit(post, ["another"], make_user())


def test_a_member_changes_a_hundred_tags_a_minute_on_posts_of_others(post):
    names = [make_tag(f"known{number}").name for number in range(101)]
    with pytest.raises(ValidationError, match=CHANGED):
        edit(post, names, make_user())
    edit(post, names[:50], user := make_user())
    PostEditor(user).edit_post(post, TagEdit(remove=tuple(names[:50])))
    with pytest.raises(ValidationError, match=CHANGED):
        edit(post, names[:1], user)
    edit(post, names, post.uploader)


def test_builders_are_not_limited(post):
    edit(post, [f"new{number}" for number in range(150)], make_user(Level.BUILDER))
    assert post.tag_count == 151


@pytest.mark.parametrize("text", [" ".join(f"t{n}" for n in range(2501)), "fav:me " * 101])
def test_what_no_person_writes_is_refused(post, text):
    with pytest.raises(ValidationError, match="more than"):
        PostEditor(make_user()).edit_post(post, TagEdit.parse(text))
