import pytest

from booru.models import Dmail, Level
from tests.support.factories import DmailFactory, UserFactory


@pytest.fixture
def friend(db):
    return UserFactory(name="friend_of_mine")


def received(dmail):
    """The recipient's copy of what was sent."""
    return Dmail.objects.get(owner=dmail.to_user, title=dmail.title)


def form(**values):
    return {f"dmail[{name}]": value for name, value in values.items()}


def ids(response):
    return [record["id"] for record in response.json()]


def test_sending_makes_two_copies_and_shows_the_senders(browser, member, friend):
    client = browser(member)
    response = client.post("/dmails", form(to_name="Friend of mine", title="hello", body="how are you?"))
    copy = Dmail.objects.get(owner=member)
    assert response.status_code == 302
    assert response["Location"] == f"/dmails/{copy.pk}"
    assert Dmail.objects.count() == 2
    assert "how are you?" in client.get(response["Location"]).content.decode()


def test_a_message_that_fails_is_shown_again(browser, member):
    response = browser(member).post("/dmails", form(to_name="nobody_here", title="", body="long story"))
    page = response.content.decode()
    assert response.status_code == 200
    assert "To must exist" in page
    assert "Title can&#x27;t be blank" in page
    assert "long story" in page
    assert Dmail.objects.count() == 0


def test_programs_get_the_errors_by_attribute(browser, member, friend):
    client = browser(member)
    response = client.post(
        "/dmails.json", {"dmail": {"to_name": friend.name, "title": "a"}}, "application/json"
    )
    assert response.status_code == 422
    assert response.json() == {"errors": {"body": ["can't be blank"]}}
    body = {"dmail": {"to_id": friend.pk, "title": "a", "body": "b"}}
    response = client.post("/dmails.json", body, "application/json")
    assert response.status_code == 201
    assert response.json()["to_id"] == friend.pk


def test_a_banned_sender_is_refused_but_still_sees_the_list(browser, friend):
    banned = UserFactory(is_banned=True)
    client = browser(banned)
    assert client.post("/dmails", form(to_name=friend.name, title="a", body="b")).status_code == 403
    assert Dmail.objects.count() == 0
    assert client.get("/dmails").status_code == 200


def test_a_reply_comes_prefilled(browser, member, friend):
    dmail = received(Dmail.objects.send(member, friend, "hello", "how are you?"))
    client = browser(friend)
    page = client.get(f"/dmails/new?respond_to_id={dmail.pk}").content.decode()
    assert f'value="{member.name}"' in page
    assert 'value="Re: hello"' in page
    assert f"[quote]\n{member.pretty_name} said:\n\nhow are you?\n[/quote]" in page
    forward = client.get(f"/dmails/new?respond_to_id={dmail.pk}&forward=true").content.decode()
    assert f'value="{member.name}"' not in forward


def test_the_form_knows_the_recipient_by_number(browser, member, friend):
    client = browser(member)
    assert 'value="friend_of_mine"' in client.get(f"/dmails/new?dmail[to_id]={friend.pk}").content.decode()
    assert client.get("/dmails/new?dmail[to_id]=x").status_code == 200


def test_nobody_replies_to_what_they_may_not_read(browser, member, friend):
    dmail = Dmail.objects.send(member, friend, "hello", "how are you?")
    response = browser(UserFactory()).get(f"/dmails/new?respond_to_id={dmail.pk}")
    assert response.status_code == 403
    assert "how are you" not in response.content.decode()


def test_folders_and_search(browser, member, friend):
    sent = Dmail.objects.send(member, friend, "first title", "body")
    reply = received(Dmail.objects.send(friend, member, "second title", "body"))
    get = browser(member).get
    assert ids(get("/dmails.json")) == [reply.pk, sent.pk]
    assert ids(get("/dmails.json?search[folder]=sent")) == [sent.pk]
    assert ids(get("/dmails.json?search[folder]=received")) == [reply.pk]
    assert ids(get("/dmails.json?search[folder]=unread")) == [reply.pk]
    assert ids(get("/dmails.json?search[folder]=deleted")) == []
    assert ids(get("/dmails.json?search[title_matches]=FIRST*")) == [sent.pk]
    assert ids(get("/dmails.json?search[is_read]=false")) == [reply.pk]
    assert ids(get(f"/dmails.json?search[to_id]={friend.pk}")) == [sent.pk]
    assert ids(get(f"/dmails.json?search[from_name]={friend.name}")) == [reply.pk]


def test_only_the_owners_look_at_the_page_marks_it_read(browser, member, friend):
    dmail = received(Dmail.objects.send(member, friend, "hello", "how are you?"))
    client = browser(friend)
    client.get(f"/dmails/{dmail.pk}.json")
    dmail.refresh_from_db()
    assert not dmail.is_read
    assert "My Account (1)" in client.get("/").content.decode()
    assert "My Account (" not in client.get(f"/dmails/{dmail.pk}").content.decode()
    dmail.refresh_from_db()
    assert dmail.is_read


def test_a_stranger_needs_the_key(browser, member, friend):
    dmail = Dmail.objects.send(member, friend, "hello", "how are you?")
    stranger = browser(UserFactory())
    assert stranger.get(f"/dmails/{dmail.pk}").status_code == 403
    assert stranger.get(f"/dmails/{dmail.pk}", {"key": "nonsense"}).status_code == 403
    assert stranger.get(f"/dmails/{dmail.pk}", {"key": received(dmail).key}).status_code == 403
    response = stranger.get(f"/dmails/{dmail.pk}", {"key": dmail.key})
    assert response.status_code == 200
    assert "<form" not in response.content.decode()
    assert browser().get(f"/dmails/{dmail.pk}", {"key": dmail.key}).status_code == 200


def test_a_key_allows_no_changes(browser, member, friend):
    dmail = Dmail.objects.send(member, friend, "hello", "how are you?")
    response = browser(UserFactory()).post(
        f"/dmails/{dmail.pk}?key={dmail.key}", {"_method": "put", "dmail[is_deleted]": "true"}
    )
    assert response.status_code == 403


def test_an_automated_message_has_no_respond_and_no_report_button(browser, member):
    dmail = Dmail.objects.send_automated(member, "title", "body")
    page = browser(member).get(f"/dmails/{dmail.pk}").content.decode()
    assert "Respond" not in page
    assert "Report" not in page
    assert "automated message" in page


def test_two_unread_messages_are_counted_and_noticed(browser, member, friend):
    first = received(Dmail.objects.send(friend, member, "first", "body"))
    received(Dmail.objects.send(friend, member, "second", "body"))
    client = browser(member)
    page = client.get("/posts").content.decode()
    assert "My Account (2)" in page
    assert "2 unread messages" in page
    client.post(f"/dmails/{first.pk}", {"_method": "put", "dmail[is_read]": "true"})
    member.refresh_from_db()
    assert member.unread_dmail_count == 1
    response = client.post(f"/dmails/{first.pk}", {"_method": "put", "dmail[is_read]": "false"}, follow=True)
    assert "Dmail updated" in response.content.decode()
    member.refresh_from_db()
    assert member.unread_dmail_count == 2


def test_mark_all_as_read(browser, member, friend):
    Dmail.objects.send(friend, member, "first", "body")
    Dmail.objects.send(friend, member, "second", "body")
    browser(member).post("/dmails/mark_all_as_read")
    member.refresh_from_db()
    assert member.unread_dmail_count == 0
    assert not Dmail.objects.filter(owner=member, is_read=False).exists()


def test_delete_and_undelete(browser, member, friend):
    dmail = received(Dmail.objects.send(friend, member, "first", "body"))
    client = browser(member)
    client.post(f"/dmails/{dmail.pk}", {"_method": "put", "dmail[is_deleted]": "true"})
    assert ids(client.get("/dmails.json?search[folder]=deleted")) == [dmail.pk]
    assert ids(client.get("/dmails.json?search[folder]=received")) == []
    client.post(f"/dmails/{dmail.pk}", {"_method": "put", "dmail[is_deleted]": "false"})
    assert ids(client.get("/dmails.json?search[folder]=received")) == [dmail.pk]


def test_marking_read_and_deleting_in_one_request(browser, member, friend):
    dmail = received(Dmail.objects.send(friend, member, "first", "body"))
    body = {"dmail": {"is_read": True, "is_deleted": True}}
    response = browser(member).put(f"/dmails/{dmail.pk}.json", body, "application/json")
    dmail.refresh_from_db()
    assert response.status_code == 204
    assert (dmail.is_read, dmail.is_deleted) == (True, True)


def test_a_value_that_is_no_truth_value_changes_nothing(browser, member, friend):
    dmail = received(Dmail.objects.send(friend, member, "first", "body"))
    browser(member).put(f"/dmails/{dmail.pk}.json", {"dmail": {"is_read": "perhaps"}}, "application/json")
    dmail.refresh_from_db()
    assert not dmail.is_read


def test_the_folders_are_tabs_with_counts(browser, member, friend):
    Dmail.objects.send(member, friend, "first", "body")
    Dmail.objects.send(friend, member, "second", "body")
    client = browser(member)
    page = client.get("/dmails?search[folder]=sent").content.decode()
    assert (
        'href="/dmails?search%5Bfolder%5D=sent" aria-current="page">Sent <span class="count">1</span>' in page
    )
    assert 'href="/dmails?search%5Bfolder%5D=unread">Unread <span class="count">1</span>' in page
    assert 'href="/dmails">All <span class="count">2</span>' in page
    assert "second" not in page.split("<main")[1]
    assert 'href="/dmails" aria-current="page"' in client.get("/dmails?search[folder]=x").content.decode()


def test_the_list_shows_the_first_own_words(browser, member, friend):
    body = "[quote]\nyou said:\n\nan old story\n[/quote]\n\n[b]Bold[/b] <b>news</b> &amp; more"
    Dmail.objects.send(friend, member, "first", body)
    page = browser(member).get("/dmails").content.decode()
    assert "Bold &lt;b&gt;news&lt;/b&gt; &amp;amp; more" in page
    assert "old story" not in page


def test_the_page_has_the_rest_of_the_conversation_for_its_owner_alone(browser, member, friend):
    Dmail.objects.send(member, friend, "weather", "sunny here")
    dmail = received(Dmail.objects.send(friend, member, "Re: weather", "rainy here"))
    page = browser(member).get(f"/dmails/{dmail.pk}").content.decode()
    assert "sunny here" in page
    shared = browser().get(f"/dmails/{dmail.pk}", {"key": dmail.key}).content.decode()
    assert "rainy here" in shared
    assert "sunny here" not in shared


def test_the_owners_buttons(browser, member, friend):
    dmail = received(Dmail.objects.send(friend, member, "first", "body"))
    page = browser(member).get(f"/dmails/{dmail.pk}").content.decode()
    for button in ("Respond", "Forward", "Share", "Report", "Mark as unread", "Delete"):
        assert f">{button}</" in page
    sent = browser(friend).get(f"/dmails/{Dmail.objects.get(owner=friend).pk}").content.decode()
    assert ">Report</" not in sent
    banned = UserFactory(is_banned=True)
    theirs = received(Dmail.objects.send(friend, banned, "first", "body"))
    page = browser(banned).get(f"/dmails/{theirs.pk}").content.decode()
    for button in ("Respond", "Forward", "Report"):
        assert f">{button}</" not in page


def test_the_owner_of_the_site_reads_but_leaves_it_unread(browser, member, friend):
    dmail = received(Dmail.objects.send(friend, member, "first", "body"))
    client = browser(UserFactory(level=Level.OWNER))
    page = client.get(f"/dmails/{dmail.pk}").content.decode()
    assert "body" in page
    assert ">Respond</" not in page
    assert client.post(f"/dmails/{dmail.pk}", {"_method": "put", "dmail[is_read]": "true"}).status_code == 403
    dmail.refresh_from_db()
    assert not dmail.is_read


def test_an_empty_key_is_none(browser, member, friend):
    dmail = Dmail.objects.send(member, friend, "hello", "x")
    assert browser(member).get(f"/dmails/{dmail.pk}?key=").status_code == 200
    assert browser(friend).get(f"/dmails/{dmail.pk}?key=").status_code == 403


def test_a_look_with_a_key_leaves_it_unread(browser, member, friend):
    dmail = received(Dmail.objects.send(friend, member, "hello", "x"))
    browser(friend).get(f"/dmails/{dmail.pk}", {"key": dmail.key})
    dmail.refresh_from_db()
    assert not dmail.is_read
    record = browser().get(f"/dmails/{dmail.pk}.json", {"key": dmail.key}).json()
    assert (record["key"], record["is_read"]) == (dmail.key, False)


def test_the_title_of_an_answer_gets_one_re(browser, member, friend):
    dmail = received(Dmail.objects.send(member, friend, "about Re: things", "x"))
    page = browser(friend).get(f"/dmails/new?respond_to_id={dmail.pk}").content.decode()
    assert 'value="about Re: things"' in page


def test_what_is_answered_must_be_there(browser, member):
    for number in ("0", "x", "-1", "9" * 30):
        assert browser(member).get(f"/dmails/new?respond_to_id={number}").status_code == 404


def test_an_account_that_is_deleted_is_no_recipient(browser, member):
    UserFactory(name="gone_now", is_deleted=True)
    response = browser(member).post("/dmails", form(to_name="gone_now", title="a", body="b"))
    assert "To must exist" in response.content.decode()
    assert Dmail.objects.count() == 0


def test_spam_is_caught_without_a_word_to_the_sender(browser, member, friend, settings):
    settings.DANBOORU_SPAM_CHECKER = "booru.services.spam_signs.looks_like_spam"
    links = " ".join(f"https://site{number}.example" for number in range(20))
    response = browser(member).post("/dmails", form(to_name=friend.name, title="hi", body=links))
    assert response["Location"] == f"/dmails/{Dmail.objects.get(owner=member).pk}"
    assert Dmail.objects.get(owner=friend).is_deleted


def test_there_is_no_answer_to_an_account_that_is_deleted(browser, member):
    dmail = DmailFactory(to_user=member, from_user=UserFactory(is_deleted=True))
    assert ">Respond</" not in browser(member).get(f"/dmails/{dmail.pk}").content.decode()


@pytest.mark.parametrize("name", ["from_id", "owner_id", "is_read", "is_deleted", "is_spam"])
def test_other_fields_are_refused_in_a_new_message(browser, member, friend, name):
    fields = form(to_name=friend.name, title="a", body="b", **{name: "1"})
    assert browser(member).post("/dmails", fields).status_code == 403
    assert Dmail.objects.count() == 0


def test_an_update_changes_nothing_else(browser, member, friend):
    dmail = received(Dmail.objects.send(friend, member, "first", "body"))
    response = browser(member).post(f"/dmails/{dmail.pk}", {"_method": "put", "dmail[title]": "mine"})
    assert response.status_code == 403
