"""Makes records for tests: valid, saved, and different from each other."""

from datetime import timedelta

import factory
from django.utils import timezone
from factory.django import DjangoModelFactory, Password

from booru.email_addresses import spelling
from booru.models import (
    Ban,
    Dmail,
    EmailAddress,
    ForumPost,
    ForumTopic,
    Level,
    Post,
    Tag,
    TagAlias,
    TagImplication,
    User,
    WikiPage,
)
from mailers.models import SentMail, SentMailStatus


class UserFactory(DjangoModelFactory):
    """A member, whose password is "password"; `with_email=True` gives a verified address.

    `with_email__address=...` and the like say what it is like. Who is banned has a ban that says so.
    """

    class Meta:
        model = User
        skip_postgeneration_save = True

    class Params:
        with_email = factory.Trait(
            email=factory.RelatedFactory(
                "tests.support.factories.EmailAddressFactory", factory_related_name="user"
            )
        )

    name = factory.Sequence(lambda n: f"member{n}")
    password = Password("password")
    level = Level.MEMBER

    @factory.post_generation
    def ban(self, create, extracted, **kwargs):
        if create and self.is_banned:
            BanFactory(user=self, banner=User.objects.system())


class BanFactory(DjangoModelFactory):
    """A ban of three days; the user's flag does not follow."""

    class Meta:
        model = Ban

    user = factory.SubFactory(UserFactory)
    banner = factory.SubFactory(UserFactory, level=Level.MODERATOR)
    duration = timedelta(days=3)
    reason = "Rude."


class EmailAddressFactory(DjangoModelFactory):
    """A verified address with a provider that nobody knows."""

    class Meta:
        model = EmailAddress

    user = factory.SubFactory(UserFactory)
    address = factory.Sequence(lambda n: f"member{n}@example.com")
    normalized_address = factory.LazyAttribute(lambda record: spelling.canonicalize(record.address))
    is_verified = True


class DmailFactory(DjangoModelFactory):
    """The recipient's copy, unread; `owner=` gives somebody else's."""

    class Meta:
        model = Dmail

    from_user = factory.SubFactory(UserFactory)
    to_user = factory.SubFactory(UserFactory)
    owner = factory.SelfAttribute("to_user")
    title = factory.Sequence(lambda n: f"Title {n}")
    body = "Hello there."


class TagFactory(DjangoModelFactory):
    """A tag; its post_count is what you say, not what is counted."""

    class Meta:
        model = Tag

    name = factory.Sequence(lambda n: f"tag_{n}")


class TagAliasFactory(DjangoModelFactory):
    """An active alias; makes no tags."""

    class Meta:
        model = TagAlias

    antecedent_name = factory.Sequence(lambda n: f"alias_{n}")
    consequent_name = factory.Sequence(lambda n: f"target_{n}")
    creator = factory.SubFactory(UserFactory)


class TagImplicationFactory(DjangoModelFactory):
    """An active implication; makes no tags."""

    class Meta:
        model = TagImplication

    antecedent_name = factory.Sequence(lambda n: f"child_{n}")
    consequent_name = factory.Sequence(lambda n: f"parent_{n}")
    creator = factory.SubFactory(UserFactory)


class PostFactory(DjangoModelFactory):
    """A post with the tags in `tag_string`; makes no tags and no version."""

    class Meta:
        model = Post

    tag_string = "tagme"
    tag_count = factory.LazyAttribute(lambda post: len(post.tag_string.split()))
    tag_count_general = factory.SelfAttribute("tag_count")
    uploader = factory.SubFactory(UserFactory)


class WikiPageFactory(DjangoModelFactory):
    class Meta:
        model = WikiPage

    title = factory.Sequence(lambda n: f"page_{n}")
    body = "What it is."


class ForumTopicFactory(DjangoModelFactory):
    """A topic without posts."""

    class Meta:
        model = ForumTopic

    title = factory.Sequence(lambda n: f"Topic {n}")
    creator = factory.SubFactory(UserFactory)
    updater = factory.SelfAttribute("creator")


class ForumPostFactory(DjangoModelFactory):
    """A post; the topic's counter does not follow: for that, ForumPost.objects.create_reply."""

    class Meta:
        model = ForumPost

    topic = factory.SubFactory(ForumTopicFactory)
    creator = factory.SubFactory(UserFactory)
    updater = factory.SelfAttribute("creator")
    body = "I think so too."


class SentMailFactory(DjangoModelFactory):
    """An email that a provider took, to a user with an address; `user=None` is possible."""

    class Meta:
        model = SentMail

    message_id = factory.Sequence(lambda n: f"<mail{n}@booru.example>")
    provider_message_id = factory.Sequence(lambda n: f"provider-{n}")
    user = factory.SubFactory(UserFactory, with_email=True)
    mail = "UserMailer.dmail_notice"
    recipient = factory.LazyAttribute(lambda mail: mail.user.email_address.address if mail.user else "")
    subject = "Danbooru: somebody sent you a message"
    status = SentMailStatus.SENT
    sent_at = factory.LazyFunction(timezone.now)
