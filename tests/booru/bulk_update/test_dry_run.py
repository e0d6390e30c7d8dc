"""What a script would do is told, and nothing is changed."""

from dataclasses import dataclass
from threading import Event, Thread

import pytest
from django.core.exceptions import ValidationError
from django.db import connection, transaction
from django.db.models.expressions import RawSQL
from django.test.utils import CaptureQueriesContext

from booru.bulk_update import dry_run as module
from booru.bulk_update.dry_run import Count, dry_run
from booru.bulk_update.kinds.command import Command, PlannedEdit
from booru.models import Post, PostVersion, Tag, User
from booru.posts.tag_edits.tag_edit import TagEdit
from tests.support.tag_factories import make_implication, make_post
from tests.support.waiting import PATIENCE

pytestmark = pytest.mark.django_db


@dataclass(frozen=True)
class Edits(Command):
    """Adds the tag `fresh` to the posts with the tag `old`."""

    old: str = "old"

    def errors(self, context):
        return []

    def process(self, run):
        raise AssertionError("a dry run processes nothing")

    def planned_edits(self):
        return [PlannedEdit(Post.objects.tagged(self.old), TagEdit(add=("fresh",), remove=("old",)))]

    def touched_records(self):
        return {"wiki pages": 1, "aliases": 2, "artist entries": 1, "pools": 0}


class Slow(Edits):
    def planned_edits(self):
        slowly = Post.objects.filter(pk__gt=RawSQL("(SELECT 0 FROM pg_sleep(0.2 + 0 * posts.id))", ()))
        return [PlannedEdit(slowly, TagEdit())]


class Broken(Edits):
    def planned_edits(self):
        raise ValidationError("it makes no sense")


@pytest.fixture
def hurry(monkeypatch):
    monkeypatch.setattr(module, "_QUESTION", 0.1)
    monkeypatch.setattr(module, "_BUDGET", 1.0)


def plans(*commands):
    return dry_run(dict(enumerate(commands, 1)))


def test_it_tells_how_many_posts_and_records_a_line_would_change():
    for _ in range(4):
        make_post("old x")
    make_post("x")
    (plan,) = plans(Edits("edit"))
    assert plan.posts == Count(4)
    assert plan.records_in_words == ["1 wiki page", "2 aliases", "1 artist entry"]
    assert (plan.problem, plan.is_empty) == ("", False)


def test_it_shows_three_posts_as_they_were_edited_and_leaves_them_as_they_are():
    make_implication("fresh", "fresher")
    posts = [make_post("old x") for _ in range(4)]
    before = list(Post.objects.values())
    (plan,) = plans(Edits("edit"))
    example = plan.visible_examples[0]
    assert len(plan.examples) == 3
    assert (example.post_id, example.tag_count) == (posts[0].pk, 2)
    assert (example.added, example.removed, example.others) == (["fresh", "fresher"], ["old"], [])
    assert list(Post.objects.values()) == before
    assert PostVersion.objects.count() == 4
    assert not Tag.objects.filter(name="fresh").exists()
    assert User.objects.system().post_update_count == 0


def test_each_line_is_looked_at_by_itself():
    make_post("old")
    first, second = plans(Edits("one"), Edits("two"))
    assert first.examples == second.examples


def test_a_line_that_finds_nothing_says_so():
    class Nothing(Edits):
        def touched_records(self):
            return {}

    (plan,) = plans(Nothing("edit"))
    assert (plan.is_empty, plan.examples) == (True, [])


@pytest.mark.usefixtures("hurry")
def test_what_takes_too_long_is_left_out():
    for _ in range(3):
        make_post("old")
    (plan,) = plans(Slow("edit"))
    assert (plan.posts, plan.problem) == (None, "it would take too long to find out more")
    with connection.cursor() as cursor:
        cursor.execute("SHOW statement_timeout")
        assert cursor.fetchone() == ("0",)


@pytest.mark.usefixtures("hurry")
def test_it_takes_seconds_however_many_lines_there_are():
    for _ in range(3):
        make_post("old")
    with CaptureQueriesContext(connection) as asked:
        told = plans(*(Slow(f"line {n}") for n in range(100)))
    assert len(told) == 100
    # Each may take a tenth of the second that there is for all.
    assert 0 < sum("pg_sleep" in query["sql"] for query in asked) <= 11


def test_what_is_too_much_to_count_is_more_than_something(monkeypatch):
    class Many(Edits):
        def planned_edits(self):
            slowly = Post.objects.extra(where=["(SELECT true FROM pg_sleep(0.02 + 0 * posts.id))"])
            return [PlannedEdit(slowly, TagEdit())]

    monkeypatch.setattr(module, "_FEW", 2)
    monkeypatch.setattr(module, "_QUESTION", 0.2)
    for _ in range(12):
        make_post("old")
    (plan,) = plans(Many("edit"))
    assert plan.posts == Count(2, is_more=True)


def test_a_line_that_makes_no_sense_says_why():
    plan, other = plans(Broken("edit"), Edits("edit"))
    assert (plan.posts, plan.problem) == (None, "it makes no sense")
    assert other.posts == Count()


@pytest.mark.django_db(transaction=True)
def test_only_a_few_go_on_at_once_and_nobody_waits():
    held, done = [Event(), Event()], Event()

    class Waits(Edits):
        def planned_edits(self):
            held[int(self.line)].set()
            done.wait(60)
            return []

    def ask(number):
        plans(Waits(str(number)))
        connection.close()

    threads = [Thread(target=ask, args=[number]) for number in range(2)]
    for thread in threads:
        thread.start()
    for one in held:
        assert one.wait(60)
    (plan,) = plans(Edits("edit"))
    done.set()
    for thread in threads:
        thread.join()
    assert (plan.posts, plan.problem) == (None, "others are finding out the same; ask again in a moment")
    assert plans(Edits("edit"))[0].problem == ""


@pytest.mark.django_db(transaction=True)
@pytest.mark.usefixtures("hurry")
def test_it_does_not_wait_long_for_posts_that_somebody_edits():
    post = make_post("old")
    held, done = Event(), Event()

    def hold():
        with transaction.atomic():
            Post.objects.select_for_update().get(pk=post.pk)
            held.set()
            done.wait(PATIENCE)
        connection.close()

    thread = Thread(target=hold)
    thread.start()
    assert held.wait(PATIENCE)
    (plan,) = plans(Edits("edit"))
    done.set()
    thread.join()
    assert (plan.posts, plan.examples, plan.problem) == (
        Count(1),
        [],
        "it would take too long to find out more",
    )
