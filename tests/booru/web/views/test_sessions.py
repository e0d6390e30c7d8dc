from booru.models import EmailAddress
from tests.factories import UserFactory


def log_in(client, name, password="password", **fields):
    return client.post("/session", {"session[name]": name, "session[password]": password, **fields})


def test_log_in_by_name_whatever_its_case(browser):
    UserFactory(name="alice_w", password="password")
    client = browser()
    response = log_in(client, "Alice W")
    assert response["Location"] == "/"
    assert "My Account" in client.get("/").content.decode()


def test_log_in_by_email_address(browser):
    user = UserFactory(password="password")
    address = EmailAddress(user=user)
    address.assign("Foo.Bar+nospam@Googlemail.com")
    address.save()
    assert log_in(browser(), "foobar@gmail.com").status_code == 302


def test_a_wrong_password_and_an_unknown_name_sound_the_same(browser):
    user = UserFactory(password="password")
    for name, password in ((user.name, "wrong"), ("nobody", "password"), ("", ""), ("a\ud83d", "x")):
        response = log_in(browser(), name.encode(errors="replace"), password)
        assert response.status_code == 401
        assert "Incorrect username or password" in response.content.decode()


def test_a_deleted_user_does_not_log_in_and_is_logged_out(browser):
    user = UserFactory(password="password")
    client = browser(user)
    user.is_deleted = True
    user.save()
    assert log_in(browser(), user.name).status_code == 401
    assert client.get("/settings").status_code == 403


def test_log_in_goes_on_to_where_one_came_from(browser):
    user = UserFactory(password="password")
    assert log_in(browser(), user.name, url="/dmails")["Location"] == "/dmails"


def test_logging_in_starts_a_new_session(browser):
    user = UserFactory(password="password")
    client = browser(UserFactory())
    before = client.cookies["sessionid"].value
    log_in(client, user.name)
    assert client.cookies["sessionid"].value != before


def test_log_out(browser, member):
    client = browser(member)
    response = client.post("/logout", follow=True)
    assert "You are now logged out" in response.content.decode()
    assert client.get("/settings").status_code == 403


def test_a_link_cannot_log_anybody_out(browser, member):
    client = browser(member)
    client.get("/logout")
    assert client.get("/settings").status_code == 200


def test_the_last_visit_is_noted(browser, member):
    browser(member).get("/", REMOTE_ADDR="203.0.113.9")
    member.refresh_from_db()
    assert member.last_logged_in_at is not None
    assert member.last_ip_addr == "203.0.113.9"
