from datetime import timedelta

import pytest
from django.utils import timezone

from booru.models import Dmail, ForumPost, Level, User
from jobs.engine.testing import assert_enqueued
from jobs.mail import MailDeliveryJob
from tests.support.at_once import at_once
from tests.support.factories import ForumTopicFactory, UserFactory
from tests.support.tag_factories import make_request

pytestmark = pytest.mark.django_db


@pytest.fixture
def alice():
    return UserFactory(name="alice")


@pytest.fixture
def bob():
    return UserFactory(name="bob", receive_email_notifications=True)


@pytest.fixture
def topic():
    return ForumTopicFactory(title="Talk")


def told() -> list[str]:
    return sorted(dmail.to_user.name for dmail in Dmail.objects.select_related("to_user"))


def test_who_is_mentioned_gets_an_automated_dmail(alice, bob, topic):
    post = ForumPost.objects.create_reply(topic, alice, "one\n\ntwo\n\nHi @bob!\n\nfour\n\nfive")
    dmail = Dmail.objects.get()
    assert (dmail.to_user, dmail.owner, dmail.from_user) == (bob, bob, User.objects.system())
    assert dmail.title == f"alice mentioned you in topic #{topic.pk} (Talk)"
    assert dmail.body.replace("\r\n", "\n") == (
        f'@alice mentioned you in forum #{post.pk} ("Talk":[/forum_topics/{topic.pk}?page=1]). '
        "This is an excerpt from the message:\n\n"
        "[quote]\n[...]\n\ntwo\n\nHi @bob!\n\nfour\n\n[...]\n[/quote]"
    )
    assert_enqueued(MailDeliveryJob)


def test_the_link_leads_to_the_posts_page(alice, bob, topic):
    for _ in range(20):
        ForumPost.objects.create_reply(topic, alice, "Well.")
    ForumPost.objects.create_reply(topic, alice, "@bob")
    assert f"[/forum_topics/{topic.pk}?page=2]" in Dmail.objects.get().body


def test_quotes_mention_nobody(alice, bob, topic):
    ForumPost.objects.create_reply(topic, alice, "[quote]\n@bob said:\n\nso\n[/quote]\n\nNo.")
    assert told() == []


def test_nobody_mentions_themselves_or_who_does_not_exist(alice, topic):
    ForumPost.objects.create_reply(topic, alice, "@alice @nobody @ALICE")
    assert told() == []


def test_a_name_is_found_whatever_its_capitals_and_once(alice, bob, topic):
    ForumPost.objects.create_reply(topic, alice, "@BOB and @Bob")
    assert told() == ["bob"]


def test_an_edit_tells_only_whom_it_adds(alice, bob, topic):
    carol = UserFactory(name="carol")
    post = ForumPost.objects.create_reply(topic, alice, "@bob")
    post.edit(alice, "@bob and @carol")
    assert told() == ["bob", "carol"]
    post.edit(alice, "@carol")
    post.edit(alice, "@carol, @bob")
    assert told() == ["bob", "bob", "carol"]
    assert Dmail.objects.filter(to_user=carol).count() == 1


def test_a_moderators_edit_tells_neither_the_moderator_nor_the_creator(alice, bob, topic):
    moderator = UserFactory(name="mod_one", level=Level.MODERATOR)
    post = ForumPost.objects.create_reply(topic, alice, "Hello")
    post.edit(moderator, "@alice @mod_one @bob")
    assert told() == ["bob"]
    assert Dmail.objects.get().title.startswith("alice mentioned you")


def test_who_may_not_see_the_topic_is_not_told(alice, bob):
    moderator = UserFactory(name="mod_one", level=Level.MODERATOR)
    secret = ForumTopicFactory(min_level=Level.MODERATOR)
    ForumPost.objects.create_reply(secret, alice, "@bob @mod_one")
    assert told() == [moderator.name]


def test_an_account_that_is_deleted_is_not_told(alice, topic):
    UserFactory(name="carol", is_deleted=True)
    ForumPost.objects.create_reply(topic, alice, "@carol")
    assert told() == []


def test_a_post_that_is_hidden_tells_nobody(alice, bob, topic):
    moderator = UserFactory(level=Level.MODERATOR)
    ForumPost.objects.create_reply(topic, alice, "First")
    post = ForumPost.objects.create_reply(topic, alice, "Hello")
    post.hide(moderator)
    post.edit(moderator, "@bob")
    assert told() == []


def test_a_post_that_cannot_be_saved_tells_nobody(alice, bob, topic):
    post = ForumPost.objects.create_reply(topic, alice, "Hello")
    with pytest.raises(Exception, match="too long"):
        post.edit(alice, "@bob " + "x" * 200_000)
    assert told() == []


def test_one_post_tells_twenty_users_at_most(alice, topic):
    for number in range(25):
        UserFactory(name=f"friend{number}")
    ForumPost.objects.create_reply(topic, alice, " ".join(f"@friend{number}" for number in range(25)))
    assert Dmail.objects.count() == 20


def test_one_writer_tells_one_user_ten_times_an_hour_at_most(alice, bob, topic):
    for _ in range(12):
        ForumPost.objects.create_reply(topic, alice, "@bob")
    assert Dmail.objects.count() == 10
    ForumPost.objects.create_reply(topic, UserFactory(), "@bob")
    assert Dmail.objects.count() == 11
    Dmail.objects.update(created_at=timezone.now() - timedelta(minutes=61))
    ForumPost.objects.create_reply(topic, alice, "@bob")
    assert Dmail.objects.count() == 12


@pytest.mark.parametrize("title", ["x" * 200, '"quoted" title', "[brackets](1)", "<b>&amp;</b>"])
def test_any_title_of_a_topic_will_do(alice, bob, title):
    topic = ForumTopicFactory(title=title)
    ForumPost.objects.create_reply(topic, alice, "@bob")
    dmail = Dmail.objects.get()
    assert len(dmail.title) <= 200
    assert dmail.title.endswith(")")
    if len(title) < 100:
        assert dmail.title == f"alice mentioned you in topic #{topic.pk} ({title})"


def test_the_longest_post_makes_a_dmail_that_fits(alice, bob, topic):
    ForumPost.objects.create_reply(
        topic, alice, "\n\n".join(["y" * 60_000, "@bob " + "x" * 60_000, "z" * 60_000])
    )
    assert len(Dmail.objects.get().body) < 50_000


def test_the_note_that_a_request_was_approved_mentions_its_approver_without_a_dmail(alice):
    admin = UserFactory(name="ada", level=Level.ADMIN)
    bur = make_request("create alias aaa -> bbb")
    bur.approve(admin)
    assert "approved by @ada" in ForumPost.objects.last().body
    assert told() == []


@pytest.mark.django_db(transaction=True)
def test_posts_that_mention_the_same_users_do_not_block_each_other():
    alice, bob = UserFactory(name="alice"), UserFactory(name="bob")
    writer, other = UserFactory(), UserFactory()

    def ten(creator: User, body: str) -> None:
        topic = ForumTopicFactory(creator=creator)
        for _ in range(10):
            ForumPost.objects.create_reply(topic, creator, body)

    assert at_once(lambda: ten(writer, "@alice @bob"), lambda: ten(other, "@bob @alice")) == [None, None]
    alice.refresh_from_db()
    bob.refresh_from_db()
    assert (alice.unread_dmail_count, bob.unread_dmail_count) == (20, 20)
