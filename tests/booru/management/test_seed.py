import io
from collections import Counter

import pytest
from django.conf import settings as project_settings
from django.contrib.auth.hashers import check_password
from django.core.management import CommandError, call_command
from django.db import transaction
from django.test import override_settings

from booru.models import BulkUpdateRequest, ForumPost, Level, Post, PostVersion, Tag, TagAlias, User, WikiPage
from booru.posts.editing.editor import PostEditor
from booru.posts.tag_edits.tag_edit import TagEdit
from booru.seeds.people import ADMIN, BUILDER, MEMBER
from booru.seeds.seeding import READY
from booru.seeds.tag_source import SAMPLE, TagSource
from booru.visitors.reach import SEED_PASSWORD
from tests.support.factories import UserFactory

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def local_site(settings):
    settings.ALLOWED_HOSTS = settings.LOCAL_HOSTS


def seed(*, posts=60, **options):
    call_command("seed", posts=posts, stdout=io.StringIO(), **options)


@pytest.fixture(scope="class")
def seeded(django_db_setup, django_db_blocker):
    """A seeded site, which takes seconds to make; what a test changes in it is undone after the test."""
    own = {
        "ALLOWED_HOSTS": project_settings.LOCAL_HOSTS,
        "PASSWORD_HASHERS": ["django.contrib.auth.hashers.MD5PasswordHasher"],
    }
    with django_db_blocker.unblock(), override_settings(**own), transaction.atomic():
        seed()
        yield
        transaction.set_rollback(True)


def everything():
    models = (User, Tag, TagAlias, Post, PostVersion, WikiPage, ForumPost, BulkUpdateRequest)
    return {model: model.objects.count() for model in models}


def ready_pairs():
    used = set(Tag.objects.filter(post_count__gt=0).values_list("name", flat=True))
    aliased = set(TagAlias.objects.active().values_list("antecedent_name", flat=True))
    pairs = TagSource.read(SAMPLE).old_names
    return [pair for pair in pairs if pair.old in used and pair.old not in aliased]


@pytest.mark.usefixtures("seeded")
class TestASeededSite:
    def test_there_is_somebody_of_every_level_who_gets_email(self):
        people = User.objects.exclude(name="DanbooruBot")
        assert {user.level for user in people} == set(Level) - {Level.ANONYMOUS}
        for user in people:
            assert check_password(SEED_PASSWORD, user.password)
            assert user.can_receive_email(require_verified=True)
            assert user.receive_email_notifications

    def test_every_count_is_that_of_the_posts(self):
        counted = Counter(name for post in Post.objects.all() for name in post.tags)
        tags = {tag.name: tag for tag in Tag.objects.all()}
        assert {name: tag.post_count for name, tag in tags.items() if tag.post_count} == counted
        for post in Post.objects.all():
            assert post.tags == sorted(set(post.tags))
            assert post.tag_count == len(post.tags) > 10
            assert post.tag_count_meta == sum(tags[name].category == 5 for name in post.tags)
            version = post.versions.get()
            assert (version.version, version.tags, version.added_tags) == (1, post.tag_string, post.tags)
        assert sum(User.objects.values_list("post_update_count", flat=True)) == Post.objects.count()

    def test_saving_a_seeded_post_would_not_change_it(self):
        before = set(Post.objects.values_list("id", "tag_string", "tag_count", "tag_count_general"))
        assert PostEditor(UserFactory()).edit(Post.objects.all(), TagEdit()) == 0
        assert set(Post.objects.values_list("id", "tag_string", "tag_count", "tag_count_general")) == before

    def test_everybody_logs_in_from_this_machine_without_reading_an_email_first(self, client):
        for name in (BUILDER, ADMIN, MEMBER):
            fields = {"session[name]": name, "session[password]": SEED_PASSWORD}
            assert client.post("/session", fields, HTTP_HOST="localhost").status_code == 302

    def test_a_second_run_changes_nothing(self):
        before = everything()
        seed()
        assert everything() == before


def test_a_second_run_adds_missing_posts_and_puts_people_back():
    seed(posts=20)
    few = Post.objects.count()
    User.objects.filter(name=MEMBER).update(level=Level.RESTRICTED, receive_email_notifications=False)
    seed(posts=few + 15)
    assert Post.objects.count() == few + 15
    member = User.objects.get(name=MEMBER)
    assert member.level == Level.MEMBER
    assert member.receive_email_notifications


def test_some_requests_wait_and_one_is_rejected():
    seed(posts=300)
    assert sorted(BulkUpdateRequest.objects.values_list("status", flat=True)) == [
        "pending",
        "pending",
        "rejected",
    ]


def test_there_is_always_something_to_alias():
    seed(posts=30)
    assert len(ready_pairs()) >= READY
    admin = User.objects.get(level=Level.ADMIN)
    for pair in TagSource.read(SAMPLE).old_names:
        TagAlias.objects.find_or_create_active(pair.old, pair.new, approver=admin)
    seed(posts=30)
    assert len(ready_pairs()) >= READY


def test_a_site_that_others_can_reach_gets_no_known_passwords(settings):
    settings.ALLOWED_HOSTS = ["booru.example"]
    with pytest.raises(CommandError, match="can be reached from other machines"):
        seed()
    assert not User.objects.exists()
    seed(posts=1, force=True)


@pytest.mark.parametrize(
    ("name", "value"),
    [("DANBOORU_CANONICAL_URL", "https://booru.example"), ("HTTPS", True), ("JOBS_TRUSTED_PROXIES", 1)],
)
def test_nor_does_one_that_a_proxy_calls_localhost(settings, name, value):
    setattr(settings, name, value)
    with pytest.raises(CommandError, match="can be reached from other machines"):
        seed()


def test_a_file_without_tags_is_refused(tmp_path):
    path = tmp_path / "empty.csv"
    path.write_text("nothing\n")
    with pytest.raises(CommandError, match="has no tags"):
        seed(tags=path)
