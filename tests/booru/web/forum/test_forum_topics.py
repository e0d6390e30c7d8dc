import pytest

from booru.models import ForumPost, ForumTopic, Level, ModAction
from tests.support.factories import ForumPostFactory, ForumTopicFactory, UserFactory
from tests.support.tag_factories import make_request


@pytest.fixture
def moderator(db):
    return UserFactory(level=Level.MODERATOR)


def form(**values):
    return {f"forum_topic[{name}]": value for name, value in values.items()}


def ids(client, **params):
    query = {f"search[{name}]": value for name, value in params.items()}
    return [record["id"] for record in client.get("/forum_topics.json", query).json()]


def test_a_member_starts_a_topic(browser, member):
    client = browser(member)
    assert "Who may read it" not in client.get("/forum_topics/new").content.decode()
    response = client.post(
        "/forum_topics", form(title="Apples", category_id="2", body="[b]Red[/b] or green?")
    )
    topic = ForumTopic.objects.get()
    assert (topic.title, topic.category, topic.creator) == ("Apples", 2, member)
    page = client.get(response["Location"]).content.decode()
    assert "<strong>Red</strong>" in page
    assert "Bugs &amp; Features" in page


def test_a_topic_that_cannot_be_is_shown_again(browser, member):
    response = browser(member).post("/forum_topics", form(title="Apples", category_id="1", body=" "))
    page = response.content.decode()
    assert response.status_code == 200
    assert "Post can&#x27;t be blank" in page
    assert 'value="Apples"' in page
    assert '<option value="1" selected>' in page
    assert not ForumTopic.objects.exists()


def test_programs_start_topics_too(browser, member):
    client = browser(member)
    fields = {"title": "Apples", "category_id": 0, "body": "Red or green?"}
    response = client.post("/forum_topics.json", {"forum_topic": fields}, "application/json")
    assert response.status_code == 201
    assert set(response.json()) == {
        *("id", "created_at", "updated_at", "creator_id", "updater_id", "title", "response_count"),
        *("is_sticky", "is_locked", "is_deleted", "min_level", "category_id"),
    }
    response = client.post("/forum_topics.json", {"forum_topic": {"category_id": 7}}, "application/json")
    assert response.status_code == 422
    assert response.json() == {
        "errors": {
            "title": ["can't be blank"],
            "category_id": ["is not included in the list"],
            "body": ["can't be blank"],
        }
    }


def test_only_moderators_say_who_may_read_it(browser, member, moderator):
    fields = form(title="Plans", category_id="0", body="Hush.", min_level="40")
    assert browser(member).post("/forum_topics", fields).status_code == 403
    assert (
        browser(moderator).post("/forum_topics", {**fields, "forum_topic[min_level]": "50"}).status_code
        == 403
    )
    assert not ForumTopic.objects.exists()
    assert browser(moderator).post("/forum_topics", fields).status_code == 302
    assert ForumTopic.objects.get().min_level == 40


def test_the_list_is_filtered_and_ordered(browser, member, moderator):
    old = ForumTopicFactory(title="Red apples", category=2, is_sticky=True)
    request = make_request("create alias aaa -> bbb", title="Alias aaa")
    new = ForumTopicFactory(title="Green pears", creator=member)
    hidden = ForumTopicFactory(title="Gone", is_deleted=True)
    client = browser()
    assert ids(client) == [new.pk, request.forum_topic_id, old.pk]
    assert ids(client, title_matches="apple") == ids(client, title_matches="RED*") == [old.pk]
    assert ids(client, category_id="2") == ids(client, category="bugs_and_features") == [old.pk]
    assert ids(client, status="pending") == [request.forum_topic_id]
    assert ids(client, status="approved,rejected") == []
    assert ids(client, creator_name=member.name) == [new.pk]
    assert ids(client, order="sticky") == [old.pk, new.pk, request.forum_topic_id]
    assert ids(client, is_deleted="yes") == []
    assert ids(browser(moderator), is_deleted="yes") == [hidden.pk]
    page = client.get("/forum_topics").content.decode()
    assert page.index("Red apples") < page.index("Green pears")
    assert "Gone" not in page


def test_moderators_lock_stick_and_edit(browser, moderator):
    topic = ForumPostFactory().topic
    client = browser(moderator)
    put = {"_method": "put"}
    client.post(f"/forum_topics/{topic.pk}", {**put, **form(is_locked="true")})
    client.post(f"/forum_topics/{topic.pk}", {**put, **form(is_sticky="true")})
    client.post(f"/forum_topics/{topic.pk}", {**put, **form(title="New", category_id="1", min_level="40")})
    topic.refresh_from_db()
    assert (topic.is_locked, topic.is_sticky, topic.title) == (True, True, "New")
    assert (topic.category, topic.min_level) == (1, 40)
    assert "Unlock" in client.get(f"/forum_topics/{topic.pk}").content.decode()
    response = client.post(f"/forum_topics/{topic.pk}", {**put, **form(title=" ")})
    assert response.status_code == 200
    assert "Title can&#x27;t be blank" in response.content.decode()


def test_its_creator_edits_the_title_and_no_more(browser, member):
    topic = ForumTopicFactory(creator=member)
    client = browser(member)
    put = {"_method": "put"}
    assert client.post(f"/forum_topics/{topic.pk}", {**put, **form(title="New")}).status_code == 302
    assert client.post(f"/forum_topics/{topic.pk}", {**put, **form(is_sticky="true")}).status_code == 403
    assert client.post(f"/forum_topics/{topic.pk}", {**put, **form(min_level="0")}).status_code == 403
    page = client.get(f"/forum_topics/{topic.pk}").content.decode()
    assert "Edit topic" in page
    assert "Delete topic" not in page


def test_moderators_delete_a_topic_with_its_posts_and_bring_it_back(browser, moderator, member):
    topic = ForumTopic.objects.start(member, "Apples", "Red or green?")
    client = browser(moderator)
    page = client.post(f"/forum_topics/{topic.pk}", {"_method": "delete"}, follow=True).content.decode()
    assert "Topic deleted" in page
    assert "Red or green?" in page
    assert "Red or green?" not in browser(member).get(f"/forum_topics/{topic.pk}").content.decode()
    assert client.post(f"/forum_topics/{topic.pk}/undelete.json").status_code == 204
    assert "Red or green?" in browser(member).get(f"/forum_topics/{topic.pk}").content.decode()
    assert ModAction.objects.count() == 2


def test_a_long_topic_goes_on_on_the_next_page(browser, member):
    topic = ForumTopic.objects.start(member, "Counting", "number 1")
    for number in range(2, 23):
        ForumPost.objects.create_reply(topic, member, f"number {number}")
    client = browser(member)
    page = client.get(f"/forum_topics/{topic.pk}").content.decode()
    assert "number 20<" in page
    assert "number 21<" not in page
    last = ForumPost.objects.last()
    response = client.get(f"/forum_posts/{last.pk}")
    assert response["Location"] == f"/forum_topics/{topic.pk}?page=2#forum_post_{last.pk}"


def test_the_page_takes_few_queries(browser, django_assert_max_num_queries):
    request = make_request("create alias aaa -> bbb")
    for _ in range(15):
        ForumPost.objects.create_reply(request.forum_topic, UserFactory(), "I agree.")
    with django_assert_max_num_queries(16):
        browser().get(f"/forum_topics/{request.forum_topic_id}")


def test_topics_that_one_has_not_read_are_bold(browser, member):
    topic = ForumTopicFactory(title="News of the day")
    client = browser(member)

    def is_bold():
        page = client.get("/forum_topics").content.decode()
        return '<tr class="unread">' in page

    assert is_bold()
    client.get(f"/forum_topics/{topic.pk}.json")
    assert is_bold()
    client.get(f"/forum_topics/{topic.pk}")
    assert not is_bold()
    assert '<tr class="unread">' not in browser().get("/forum_topics").content.decode()


def test_all_topics_are_marked_as_read(browser, member):
    ForumTopicFactory()
    client = browser(member)
    response = client.post("/forum_topics/mark_all_as_read", follow=True)
    page = response.content.decode()
    assert "All topics marked as read" in page
    assert '<tr class="unread">' not in page
