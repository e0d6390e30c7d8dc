import pytest

from booru.models import Level, UserEvent
from tests.support.factories import UserFactory

pytestmark = pytest.mark.django_db
Category = UserEvent.Category


@pytest.fixture
def moderator():
    return UserFactory(level=Level.MODERATOR)


def event(user, category=Category.LOGIN, **fields):
    return UserEvent.objects.create(user=user, category=category, **fields)


def found(client, **search):
    params = {f"search[{name}]": value for name, value in search.items()}
    return {record["id"] for record in client.get("/user_events.json", params).json()}


def test_one_sees_ones_own(browser, member, moderator):
    own, other = event(member, ip_addr="8.8.8.8"), event(UserFactory(), ip_addr="9.9.9.9")
    page = browser(member).get("/user_events").content.decode()
    assert "8.8.8.8" in page
    assert "9.9.9.9" not in page
    assert found(browser(member)) == {own.pk}
    assert found(browser(member), user_id=other.user_id) == set()
    assert found(browser(moderator)) == {own.pk, other.pk}
    assert browser().get("/user_events").status_code == 403


def test_the_profile_leads_to_the_events(browser, member, moderator):
    link = f"/user_events?search%5Buser_id%5D={member.pk}"
    for client, has_link in ((browser(member), True), (browser(moderator), True), (browser(), False)):
        assert (link in client.get(f"/users/{member.pk}").content.decode()) is has_link
    assert link not in browser(UserFactory()).get(f"/users/{member.pk}").content.decode()
    event(member, Category.TOTP_LOGIN)
    assert "TOTP login" in browser(member).get(link).content.decode()


def test_the_list_says_where_from(browser, member):
    agent = "Mozilla/5.0 (X11; Linux x86_64; rv:128.0) Gecko/20100101 Firefox/128.0"
    event(member, ip_addr="127.0.0.1", user_agent=agent)
    event(member, ip_addr="8.8.8.8", metadata={"city": "Kyoto", "region": "<b>", "organization": "ISP"})
    event(member, ip_addr="8.8.8.8")
    page = browser(member).get("/user_events").content.decode()
    assert "Firefox on Linux" in page
    assert "local network" in page
    assert "Kyoto, &lt;b&gt;, ISP" in page
    assert "unknown" in page


def test_events_are_found_by_what_they_say(browser, member, moderator):
    login = event(member, ip_addr="8.8.8.8", session_id="abc", user_agent="curl/8")
    failed = event(moderator, Category.FAILED_LOGIN, ip_addr="2606:4700::1", session_id="def")
    client = browser(moderator)
    for search, expected in [
        ({"category": "login"}, {login}),
        ({"category": "login,failed_login"}, {login, failed}),
        ({"category_id": "50"}, {failed}),
        ({"category": "nonsense"}, set()),
        ({"user_name": member.name}, {login}),
        ({"user_id": moderator.pk}, {failed}),
        ({"user_level": "x"}, {login, failed}),
        ({"ip_addr": "8.8.8.8"}, {login}),
        ({"ip_addr": "8.8.8.0/24, 2606:4700::/64"}, {login, failed}),
        ({"ip_addr": "8.8.9.0/24"}, set()),
        ({"ip_addr": "x"}, set()),
        ({"session_id": "abc"}, {login}),
        ({"is_authorized": "true"}, {login}),
        ({"is_authorized": "false"}, {failed}),
        ({"is_authorized": "x"}, set()),
        ({"user_agent_ilike": "CURL*"}, {login}),
        ({"id": f">={failed.pk}"}, {failed}),
        ({"has_login_session": "true"}, set()),
    ]:
        assert found(client, **search) == {record.pk for record in expected}, search


def test_a_record_tells_everything(browser, member):
    record = event(member, ip_addr="8.8.8.8", user_agent="x", session_id="abc", metadata={"city": "Kyoto"})
    assert browser(member).get("/user_events.json").json() == [
        {
            "id": record.pk,
            "created_at": record.created_at.isoformat(timespec="milliseconds").replace("+00:00", "Z"),
            "updated_at": record.updated_at.isoformat(timespec="milliseconds").replace("+00:00", "Z"),
            "user_id": member.pk,
            "ip_addr": "8.8.8.8",
            "session_id": "abc",
            "login_session_id": None,
            "user_agent": "x",
            "metadata": {"city": "Kyoto"},
            "category": "login",
        }
    ]
