import json
from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from booru.models import BulkUpdateRequest, Dmail, ForumPostVote, Level, RateLimit
from booru.web.bulk_update_requests.limits import bulk_update_request_limit
from booru.web.forum.limits import forum_post_vote_limit
from booru.web.limits.rate_limits import Limit
from booru.web.mailbox.limits import dmail_limit
from tests.support import database_clock
from tests.support.factories import ForumPostFactory, UserFactory
from tests.support.tag_factories import make_request

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def rate_limits(settings):
    settings.DANBOORU_RATE_LIMITS = True
    database_clock.stand_still()


def client_at(address="93.184.216.5", user=None):
    client = Client(REMOTE_ADDR=address)
    if user:
        client.force_login(user)
    return client


def log_in(client, name="nobody"):
    return client.post("/session", {"session[name]": name, "session[password]": "wrong"})


def test_logging_in_is_limited_to_a_few_tries():
    client = client_at()
    assert [log_in(client).status_code for _ in range(6)] == [401] * 5 + [429]
    refused = log_in(client)
    assert "You&#x27;re doing that too fast. Wait a minute and try again." in refused.content.decode()
    assert json.loads(refused["X-Rate-Limit"])["limited"] is True


def test_a_neighbour_in_the_same_network_shares_the_limit_others_do_not():
    for _ in range(5):
        log_in(client_at("93.184.216.5"))
    assert log_in(client_at("93.184.216.200")).status_code == 429
    assert log_in(client_at("93.184.217.5")).status_code == 401
    for _ in range(5):
        log_in(client_at("2001:db9:1:2::1"), "another")
    assert log_in(client_at("2001:db9:1:2:ffff::9"), "another").status_code == 429
    assert log_in(client_at("2001:db9:1:3::1"), "another").status_code == 401


@pytest.mark.parametrize("told", ["", "unknown", "_hidden", "unix:", "for=5.5.5.6", "5.5.5.6:"])
def test_all_whose_address_is_unknown_share_one_limit(told, settings):
    for _ in range(5):
        assert log_in(client_at("")).status_code == 401
    assert log_in(client_at(told)).status_code == 429
    settings.JOBS_TRUSTED_PROXIES = 1
    assert log_in(Client(headers={"X-Forwarded-For": f"5.5.5.5, {told}"})).status_code == 429
    assert log_in(client_at("93.184.216.5")).status_code == 401, "who is known is not one of them"


def test_ports_and_other_spellings_make_no_second_address(settings):
    settings.JOBS_TRUSTED_PROXIES = 1
    told = ["5.5.5.6:1000", "5.5.5.6:1001", "5.5.5.7", "::ffff:5.5.5.6", "[::ffff:5.5.5.6]:80", "5.5.5.6"]
    answers = [log_in(Client(headers={"X-Forwarded-For": address})).status_code for address in told]
    assert answers == [401] * 5 + [429]


def test_a_user_without_an_address_does_not_pay_for_strangers():
    for _ in range(6):
        log_in(client_at(""))
    sender, recipient = UserFactory(), UserFactory()
    form = {"dmail[to_name]": recipient.name, "dmail[title]": "hi", "dmail[body]": "there"}
    assert client_at("", sender).post("/dmails", form).status_code == 302


def test_a_user_takes_the_limit_along_to_another_address():
    sender, recipient = UserFactory(), UserFactory()
    form = {"dmail[to_name]": recipient.name, "dmail[title]": "hi", "dmail[body]": "there"}
    answers = [client_at(f"198.51.{n}.1", sender).post("/dmails", form).status_code for n in range(6)]
    assert answers == [302] * 5 + [429]
    assert Dmail.objects.filter(owner=recipient).count() == 5


def test_reading_is_not_limited():
    client = client_at()
    for _ in range(10):
        assert client.get("/login").status_code == 200
    assert not RateLimit.objects.exists()


def test_the_answer_tells_what_is_left():
    report = json.loads(log_in(client_at())["X-Rate-Limit"])
    assert report == {"bucket": "sessions:create", "rate": 1 / 300, "burst": 5, "points": 4, "limited": False}


def test_limits_can_be_switched_off(settings):
    settings.DANBOORU_RATE_LIMITS = False
    client = client_at()
    assert [log_in(client).status_code for _ in range(7)] == [401] * 7


def ask(client, script="create alias aaa -> bbb"):
    fields = {"title": "xxx", "reason": "y", "script": script}
    data = {f"bulk_update_request[{name}]": value for name, value in fields.items()}
    return client.post("/bulk_update_requests", data)


def points(action, user):
    return RateLimit.objects.get(action=action, key=f"users/{user.pk}").points


@pytest.mark.parametrize(
    ("level", "age_in_hours", "limit"),
    [
        (Level.MEMBER, None, (1 / 60, 5)),
        (Level.MEMBER, 3, (1 / 60, 5)),
        (Level.MEMBER, 5, (1 / 60, 20)),
        (Level.BUILDER, None, (1 / 60, 20)),
        (Level.ADMIN, None, (1, 50)),
    ],
)
def test_who_is_known_requests_more(level, age_in_hours, limit):
    user = UserFactory(level=level)
    if age_in_hours:
        made = timezone.now() - timedelta(hours=age_in_hours)
        BulkUpdateRequest.objects.create(user=user, script="x", created_at=made)
    found = bulk_update_request_limit(user)
    assert (found.rate, found.burst) == limit
    assert found.bucket == "bulk_update_requests:write"


def test_requests_that_cannot_be_saved_count_apart():
    user = UserFactory()
    client = client_at(user=user)
    assert ask(client, "make it so").status_code == 200
    assert points("bulk_update_requests:write", user) == pytest.approx(5, abs=0.1)
    assert ask(client, "make it so").status_code == 429
    assert not BulkUpdateRequest.objects.exists()
    assert ask(client).status_code == 302
    assert points("bulk_update_requests:write", user) == pytest.approx(4, abs=0.1)


def script_of(lines):
    return "\n".join(f"alias a{number} -> b{number}\n" for number in range(lines))


def test_every_check_of_a_script_costs_its_lines_the_refused_one_too():
    user = UserFactory()
    client = client_at(user=user)
    fields = {"bulk_update_request[script]": script_of(100)}
    steps = [
        (900, lambda: client.post("/bulk_update_requests/preview", fields, headers={"HX-Request": "true"})),
        (600, lambda: client.post("/bulk_update_requests/dry_run", fields, headers={"HX-Request": "true"})),
        (499, lambda: ask(client, script_of(100) + "make it so")),
        (199, lambda: client.post("/bulk_update_requests/preview", fields)),
    ]
    for left, step in steps:
        assert step().status_code == 200
        assert points("bulk_update_requests:lines", user) == left
    assert client.post("/bulk_update_requests/preview", fields).status_code == 429
    request = make_request("alias x -> y", user)
    assert client.post(f"/bulk_update_requests/{request.pk}", {**fields, "_method": "put"}).status_code == 429


@pytest.mark.parametrize(
    ("level", "age_in_hours", "limit"),
    [
        (Level.MEMBER, None, (1 / 120, 5)),
        (Level.MEMBER, 23, (1 / 120, 5)),
        (Level.MEMBER, 25, (1 / 60, 5)),
        (Level.CONTRIBUTOR, None, (4 / 60, 60)),
        (Level.BUILDER, 25, (4 / 60, 60)),
    ],
)
def test_who_wrote_dmails_before_writes_more(level, age_in_hours, limit):
    user = UserFactory(level=level)
    if age_in_hours:
        Dmail.objects.send(user, UserFactory(), "a", "b")
        Dmail.objects.update(created_at=timezone.now() - timedelta(hours=age_in_hours))
    found = dmail_limit(user)
    assert (found.rate, found.burst) == limit
    assert found.bucket == "dmails:create"


def test_what_one_only_got_does_not_count():
    user = UserFactory()
    Dmail.objects.send(UserFactory(), user, "a", "b")
    Dmail.objects.update(created_at=timezone.now() - timedelta(hours=25))
    assert dmail_limit(user).rate == 1 / 120


def test_reports_are_limited():
    reporter = UserFactory()
    client = client_at(user=reporter)
    answers = [client.post("/moderation_reports", {"model_type": "x"}).status_code for _ in range(11)]
    assert answers == [404] * 10 + [429]


def test_votes_are_limited_and_old_hands_vote_more():
    voter = UserFactory()
    assert forum_post_vote_limit(voter) == Limit("forum_post_votes:write", 1 / 60, 10)
    vote = ForumPostVote.objects.cast(ForumPostFactory(), voter, 1)
    assert forum_post_vote_limit(voter).burst == 10
    ForumPostVote.objects.filter(pk=vote.pk).update(created_at=timezone.now() - timedelta(hours=25))
    assert forum_post_vote_limit(voter) == Limit("forum_post_votes:write", 4 / 60, 20)


def test_votes_take_from_their_bucket():
    voter, bur = UserFactory(), make_request("create alias aaa -> bbb")
    client = client_at(user=voter)
    client.post(f"/forum_post_votes?forum_post_id={bur.forum_post_id}", {"forum_post_vote[score]": "1"})
    client.post(f"/forum_post_votes/{ForumPostVote.objects.get().pk}", {"_method": "delete"})
    assert points("forum_post_votes:write", voter) == pytest.approx(8, abs=0.1)
