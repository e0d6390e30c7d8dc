import pytest

from booru.models import ForumTopic, Level, UserFeedback
from booru.services.moderation.bans import unban
from tests.support.factories import PostFactory, UserFactory


@pytest.fixture
def moderator(db):
    return UserFactory(level=Level.MODERATOR)


def page_of(user, browser, viewer=None):
    return browser(viewer).get(f"/users/{user.pk}").content.decode()


def test_a_profile_tells_what_the_user_did(browser, member):
    for _ in range(3):
        PostFactory(uploader=member)
    ForumTopic.objects.start(member, "Hello", "I am new.")
    UserFeedback.objects.give(member, UserFactory(), "positive", "Nice.")
    page = page_of(member, browser)
    assert f'<dt>Uploads</dt><dd><a href="/posts?tags=user%3A{member.name}+status%3Aany">3</a></dd>' in page
    assert ">1</a>" in page
    assert "1 positive, 0 neutral, 0 negative" in page
    assert "Member" in page


def test_private_favorites_are_not_counted_for_others(browser):
    user = UserFactory(level=Level.GOLD, enable_private_favorites=True, favorite_count=5)
    assert "Favorites" not in page_of(user, browser)
    assert "<dt>Favorites</dt>" in page_of(user, browser, user)


def test_a_ban_is_shown_until_it_is_lifted(browser, moderator):
    user = UserFactory(is_banned=True)
    assert "This user is banned until" in page_of(user, browser)
    assert "Rude." in page_of(user, browser)
    unban(user.bans.get(), moderator)
    assert "This user is banned" not in page_of(user, browser)


def test_a_deleted_user_is_said_to_be_deleted(browser, member):
    page = page_of(UserFactory(is_deleted=True), browser, member)
    assert "This account was deleted." in page
    assert "Send dmail" not in page


def test_what_one_may_do_is_offered(browser, member, moderator):
    tools = ("Change name", "Give feedback", "Promote or demote", ">Ban<", "Delete account")

    def offered(viewer, user):
        page = page_of(user, browser, viewer)
        return [tool for tool in tools if tool in page]

    assert offered(None, member) == []
    assert offered(UserFactory(), member) == []
    assert offered(UserFactory(level=Level.GOLD), member) == ["Give feedback"]
    assert offered(member, member) == ["Change name", "Delete account"]
    assert offered(moderator, member) == list(tools[:4])
    assert offered(moderator, UserFactory(level=Level.ADMIN)) == ["Give feedback"]
    assert offered(UserFactory(level=Level.OWNER), member) == list(tools)


def test_a_moderator_gets_to_the_ban(browser, moderator):
    user = UserFactory(is_banned=True)
    page = page_of(user, browser, moderator)
    assert "Change or lift the ban" in page
    assert ">Ban<" not in page


def test_who_may_look_gets_to_the_account_history(browser, member, moderator):
    link = f"/user_events?search%5Buser_id%5D={member.pk}"
    assert link in page_of(member, browser, member)
    assert link in page_of(member, browser, moderator)
    assert link not in page_of(member, browser, UserFactory(level=Level.APPROVER))


def test_programs_get_no_address(browser, db):
    user = UserFactory(with_email=True, totp_secret="JBSWY3DPEHPK3PXP")
    for path in (f"/users/{user.pk}.json", "/users.json"):
        text = browser(UserFactory(level=Level.OWNER)).get(path).content.decode()
        assert user.email_address.address not in text
        assert "JBSWY" not in text
        assert "password" not in text


def test_users_are_found_by_level_and_order(browser, db):
    names = {"a_builder": Level.BUILDER, "c_member": Level.MEMBER, "b_member": Level.MEMBER}
    for name, level in names.items():
        UserFactory(name=name, level=level)

    def found(**params):
        query = {f"search[{name}]": value for name, value in params.items()}
        return [record["name"] for record in browser().get("/users.json", query).json()]

    assert found(level="32") == ["a_builder"]
    assert found(level="20", order="name") == ["b_member", "c_member"]
    assert '<option value="32" selected>Builder' in browser().get("/users?search[level]=32").content.decode()
