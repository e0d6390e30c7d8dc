from booru.models import Level
from tests.factories import UserFactory


def test_the_profile_link_leads_to_oneself(browser, member):
    assert browser(member).get("/profile")["Location"] == f"/users/{member.pk}"
    assert browser().get("/profile").status_code == 403


def test_users_are_found_by_name(browser):
    alice = UserFactory(name="alice_w", level=Level.MEMBER)
    UserFactory(name="bob")
    records = browser().get("/users.json", {"search[name_matches]": "Alice *"}).json()
    assert [record["id"] for record in records] == [alice.pk]
    assert records[0]["level_string"] == "Member"
    assert "password" not in records[0]
