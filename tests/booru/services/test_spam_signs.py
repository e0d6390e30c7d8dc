from datetime import timedelta

import pytest
from django.utils import timezone

from booru.models import Dmail
from booru.services.spam_signs import looks_like_spam
from tests.support.factories import UserFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def sender():
    return UserFactory()


def verdict(sender, body, recipient=None):
    return looks_like_spam(Dmail.objects.compose(sender, recipient or UserFactory(), "Hi", body))


def write(sender, body, times, recipient=None):
    for _ in range(times):
        Dmail.objects.send(sender, recipient or UserFactory(), "Hi", body)


def test_a_letter_is_no_spam(sender):
    assert not verdict(sender, "Hello, I like your drawings: https://pictures.example/1")


def test_the_same_words_to_many_are_spam(sender):
    write(sender, "Buy now, 50% off!", 4)
    assert not verdict(sender, "Buy now, 50% off!")
    write(sender, "Buy now, 50% off!", 1)
    assert verdict(sender, "buy NOW...  60% off")
    assert not verdict(sender, "Something else.")


def test_the_same_words_to_one_are_no_spam(sender):
    friend = UserFactory()
    write(sender, "Are you there?", 10, friend)
    assert not verdict(sender, "Are you there?", UserFactory())
    assert not verdict(sender, "Are you there?", friend)


def test_a_link_to_the_same_site_for_several_is_spam(sender):
    for number in range(3):
        write(sender, f"Dear {'abc'[number]}, look at https://shop.example/{number}", 1)
    assert verdict(sender, "Another text, https://SHOP.example/?x")
    assert not verdict(sender, "Another text, https://other.example/")
    assert not verdict(sender, "shop.example")


def test_links_to_this_site_are_no_sign(sender, settings):
    settings.DANBOORU_CANONICAL_URL = "https://booru.example"
    for number in range(10):
        write(sender, f"No. {'abcdefghij'[number]}: https://booru.example/posts/{number}", 1)
    assert not verdict(sender, "Look! " + "https://booru.example/posts/1 " * 30)


def test_a_heap_of_links_is_spam(sender):
    links = [f"https://site{number}.example/" for number in range(10)]
    assert not verdict(sender, " ".join(links[:9]))
    assert verdict(sender, " ".join(links))


def test_an_answer_is_no_spam(sender):
    friend = UserFactory()
    write(sender, "Buy now!", 10)
    Dmail.objects.send(friend, sender, "Question", "Where?")
    assert not verdict(sender, "Buy now!", friend)
    assert verdict(sender, "Buy now!")


def test_after_an_hour_it_is_forgotten(sender):
    write(sender, "Buy now!", 10)
    assert verdict(sender, "Buy now!")
    Dmail.objects.update(created_at=timezone.now() - timedelta(minutes=61))
    assert not verdict(sender, "Buy now!")


@pytest.mark.parametrize(
    "body", ["https://[::1", "http://[", "https://" + "a" * 5000, "\u2764" * 100, "1 2 3"]
)
def test_any_text_is_judged(sender, body):
    assert verdict(sender, body) is False
