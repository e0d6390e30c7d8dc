"""Whatever is sent, the answer is a page, a form error or a 4xx, and never a 500."""

import json

import pytest

from booru.models import BulkUpdateRequest, Dmail, EmailAddress, Level, UserFeedback
from booru.web.accounts.forms import SettingsForm
from tests.support.factories import BanFactory, PostFactory, SentMailFactory, UserFactory

LISTS = [
    "/",
    "/users",
    "/users.json",
    "/user_events",
    "/user_events.json",
    "/login_sessions",
    "/login_sessions.json",
    "/dmails",
    "/dmails.json",
    "/bulk_update_requests",
    "/bulk_update_requests.json",
    "/posts",
    "/posts.json",
    "/post_versions",
    "/post_versions.json",
    "/tags",
    "/tags.json",
    "/tag_versions",
    "/tag_aliases",
    "/tag_aliases.json",
    "/tag_implications",
    "/mod_actions",
    "/mod_actions.json",
    "/bans",
    "/bans.json",
    "/user_feedbacks",
    "/user_feedbacks.json",
    "/user_name_change_requests",
    "/user_name_change_requests.json",
    "/user_name_change_requests/new",
    "/wiki_pages",
    "/wiki_pages.json",
    "/wiki_page_versions",
    "/pools",
    "/pools.json",
    "/pool_versions",
    "/artists",
    "/artists.json",
    "/artist_versions",
    "/saved_searches",
    "/saved_searches.json",
    "/forum_topics",
    "/forum_topics.json",
    "/forum_posts",
    "/forum_post_votes",
]
QUERIES = [
    "page=abc",
    "page=-1",
    "page=0",
    "page=b5",
    "page=a5",
    "page=a99999999999999999999",
    "page=99999999999999999999",
    "page=\uff11",
    "limit=0",
    "limit=x",
    "limit=99999999999",
    "page=1&page=2",
    "tags=%00",
    "%00=a",
    "search[name_matches]=%00",
    "search[name_matches]=%25_%5C*",
    "search[name_matches]=" + "a" * 5000,
    "search[id]=" + "9" * 5000,
    "search[id]=-5..x",
    "search[id]=..",
    "search[id]=>",
    "search[user_id]=99999999999999999999999",
    "search[user_name]=%5C",
    "search[script_matches]=%27%27%20%26%20|%20!",
    "search[script_matches]=*%5C*%25",
    "search[tags_include_any]=%7B%22",
    "search[status]=%F0%9F%92%A9",
    "search[folder]=nonsense",
    "search[ip_addr]=1.2.3.4/99",
    "search[ip_addr]=::1%25eth0,%F0%9F%92%A9",
    "search[ip_addr]=" + "1.1.1.1," * 300,
    "search[last_seen_at]=>x",
    "search[is_authorized]=perhaps",
    "search[is_read]=perhaps",
    "search[to_id]=x",
    "search[to_name]=%25",
    "search[created_at]=yesterday",
    "search[order]=nonsense",
    "search[linked_to]=%5B%5B%7C%5D%5D",
    "search[has_other_name]=%F0%9F%92%A9*%5C",
    "search[has_url]=-",
    "search[post_ids_include_any]=1,2 x 9999999999999999999999",
    "search[post_ids_include_any]=999999999999999999 %EF%BC%91",
    "search[is_deleted]=any",
    "query=%22(",
    "search[order]=custom&search[id]=1,x,99999999999999999999",
    "search[order]=custom&search[id]=" + ",".join(str(n) for n in range(1000)),
    "search[created_at]=%3C999999y",
    "search[created_at]=0001-01-01..9999-12-31T23:59:59-12:00",
    "search[updated_at_not]=2020-02-30",
    "search[name_regex]=(((",
    "search[name_regex]=" + "(" * 200 + "a" + "{0,255})" * 200,
    "search[name_regex]=%5B%5Ca%5D%28%3F%3C",
    "search[script_regex]=%28a%29%5C1",
    "search[name_like]=%5C",
    "search[name_array][]=a&search[name_array][]=%F0%9F%92%A9",
    "search[words_include_all_lower]=%7B%22%2C%5C",
    "search[any_tag_matches_regex]=%5C",
    "search[tag_count]=>99999999999999999",
    "search[score]=-1..1,x",
    "search[score]=any",
    "search[user][name_ilike]=%25&search[user][level]=x",
    "search[creator][created_at]=<1fortnight",
    "search" + "[a]" * 200 + "=x",
    "search[status_id]=1&search[status_not]=x",
    "search[category_id]=99999999999999999",
    "search[expired]=perhaps",
    "search[duration]=P1D",
    "search[user][bans][id]=1",
    "search[implied_from]=%F0%9F%92%A9+a+{}",
    "search[implied_to]=" + "a+" * 3000,
    "search[post_count]=" + "1," * 3000 + "1",
    "search[category]=x",
    "search[level]=x",
    "search[=x",
    "search=x",
    "search[id][a]=x",
    "tags=" + "+".join(f"-tag{n}" for n in range(60)),
    "tags=-",
    "tags=--",
    "tags=%ED%A0%80",
    "tags=order:id+(a+or+b)*",
    "tags=" + "(" * 2000,
    "tags=" + "-(" * 2000 + "a" + ")" * 2000,
    "tags=id:" + "9" * 5000,
    "tags=id:1,2,99999999999999999999",
    "tags=ratio:1:0",
    "tags=mpixels:99999999999999",
    "tags=filesize:999999999mb",
    "tags=age:999999y",
    "tags=date:0001-01-01",
    "tags=limit:99999999999999999999",
    "tags=limit:100000",
    "tags=pool:%25_*",
    "tags=source:%5C",
    "tags=order:custom+id:99999999999999999999,1",
    "tags=order:custom+id:3,2,1&page=b9",
    "tags=random:0&page=2",
    "tags=*",
    "tags=%5C*",
    "tags=order:__class___asc",
]


SEARCHES_OF_POSTS = {"/", "/posts", "/posts.json"}


def queries_of(path):
    """What the answer to `path` may depend on.

    Nothing but a search of posts reads `tags`. A list in JSON is searched by the same code as its page,
    so a third of the queries shows that its answers are well; the lists begin at different ones.
    """
    if path in SEARCHES_OF_POSTS:
        return QUERIES
    queries = [query for query in QUERIES if not query.startswith("tags=")]
    return queries[LISTS.index(path) % 3 :: 3] if path.endswith(".json") else queries


@pytest.mark.parametrize("path", LISTS)
def test_lists_take_any_query(path, browser, member, db):
    PostFactory(tag_string="a b")
    client = browser(member)
    for query in queries_of(path):
        assert client.get(f"{path}?{query}").status_code in {200, 400, 410, 422}, query


@pytest.mark.parametrize("path", ["/moderation_reports", "/moderation_reports.json"])
def test_lists_for_moderators_take_any_query(path, browser):
    client = browser(UserFactory(level=Level.MODERATOR))
    for query in [
        *QUERIES,
        "search[model_type]=%5C&search[model_id]=x",
        "search[reason_matches]=%27%20|%20!",
    ]:
        assert client.get(f"{path}?{query}").status_code in {200, 400, 410, 422}, query


@pytest.mark.parametrize("path", ["/bans/new", "/user_feedbacks/new", "/user_name_change_requests/new"])
def test_forms_of_moderators_take_any_query(path, browser, admin):
    client = browser(admin)
    for text in ("9" * 30, "x", "\U0001f4a9", "-1", "1.5", "%00"):
        query = f"ban[user_id]={text}&user_feedback[user_id]={text}&user_id={text}"
        assert client.get(f"{path}?{query}").status_code in {200, 400, 404}, text


@pytest.mark.parametrize("path", ["/sent_mails", "/sent_mails.json"])
def test_lists_for_admins_take_any_query(path, browser, admin):
    SentMailFactory()
    client = browser(admin)
    own = [f"search[{name}]={value}" for name in OF_SENT_MAIL for value in ODD_VALUES]
    for query in (*QUERIES, *own):
        assert client.get(f"{path}?{query}").status_code in {200, 400, 410, 422}, query


OF_SENT_MAIL = ["message_id", "job_id", "recipient", "request_id", "status", "created_at", "user_name"]
ODD_VALUES = ["%00", "*", "%5C", "<>", "%F0%9F%92%A9", "a" * 5000, "9" * 40, "%ED%A0%80", "1,2", "-"]


RECORDS = [
    *("users", "dmails", "bulk_update_requests", "posts", "tags", "tag_aliases", "tag_implications"),
    *("pools", "artists", "mod_actions", "forum_topics", "forum_posts", "forum_post_votes"),
    *("bans", "user_feedbacks", "user_name_change_requests"),
]


@pytest.mark.parametrize("resource", RECORDS)
@pytest.mark.parametrize("record_id", ["0", "999999999999999999", "9" * 30, "abc", "1%00", "-1"])
def test_records_that_are_not_there_are_not_found(resource, record_id, browser, member):
    client = browser(member)
    for suffix in ("", ".json"):
        response = client.get(f"/{resource}/{record_id}{suffix}")
        assert response.status_code in {400, 404}
    if record_id == "0":
        assert "That record was not found." in response.content.decode() or resource.startswith("forum")


POSTS = [
    ("/dmails", "dmail", ("title", "body", "to_name", "to_id")),
    ("/bulk_update_requests", "bulk_update_request", ("title", "script", "reason", "forum_topic_id")),
    ("/bulk_update_requests/preview", "bulk_update_request", ("title", "script", "forum_topic_id")),
    ("/bulk_update_requests/dry_run", "bulk_update_request", ("script",)),
    ("/dmails/hide_notice", "dmail_notice", ("dmail_id",)),
    ("/moderation_reports", "moderation_report", ("model_type", "model_id", "reason")),
    ("/forum_posts", "forum_post", ("body", "topic_id")),
    ("/forum_topics", "forum_topic", ("title", "category_id", "body")),
    ("/forum_post_votes", "forum_post_vote", ("score", "forum_post_id", "url")),
    ("/settings", "user", tuple(SettingsForm.base_fields)),
    ("/wiki_pages", "wiki_page", ("title", "other_names", "body")),
    ("/pools", "pool", ("name", "description", "category", "post_ids")),
    ("/artists", "artist", ("name", "group_name", "other_names", "urls")),
    ("/saved_searches", "saved_search", ("query", "labels")),
    ("/session", "session", ("name", "password")),
    ("/api_keys", "api_key", ("name", "permissions", "permitted_ip_addresses")),
    (
        "/dmca",
        "dmca",
        (
            *("name", "email", "address", "infringing_urls", "original_urls", "proof"),
            *("good_faith_agree", "perjury_agree", "signature"),
        ),
    ),
    ("/session/verify_totp", "session", ("code",)),
    ("/session/confirm_password", "session", ("password", "code")),
]
VALUES = [
    "",
    " ",
    "\0",
    "a" * 200_000,
    "9" * 5000,
    "-1",
    "\u200b",
    "💩" * 300,
    "[[" * 5000,
    "\r\n.\r\n",
    "\u0661",
]


@pytest.mark.parametrize(("path", "root", "names"), POSTS)
def test_forms_take_any_value(path, root, names, browser, member):
    client = browser(member)
    for value in VALUES:
        fields = {f"{root}[{name}]": value for name in names}
        fields |= {"_method": "put"} if path == "/settings" else {}
        response = client.post(path, fields)
        assert response.status_code in {200, 302, 400, 401, 404}, value[:20]
    assert Dmail.objects.count() == 0
    assert BulkUpdateRequest.objects.count() == 0


JSON_VALUES = [None, True, 5, 1.5, 10**400, [], {}, ["a"], {"a": "b"}, "\ud800", "a\0"]


@pytest.mark.parametrize(("path", "root", "names"), POSTS)
def test_json_takes_any_type(path, root, names, browser, member):
    client = browser(member)
    has_one_address = path.startswith(("/session", "/settings", "/forum_posts"))
    path = path if has_one_address else f"{path}.json"
    method = client.put if path == "/settings" else client.post
    for value in JSON_VALUES:
        for body in ({root: dict.fromkeys(names, value)}, {root: value}, value):
            response = method(path, json.dumps(body), "application/json")
            assert response.status_code < 500, (value, body)
    for text in ("{", "nul", "[" * 50_000, b"\xff\xfe"):
        assert method(path, text, "application/json").status_code < 500


def test_an_email_address_takes_any_value(browser, member):
    client, path = browser(member), f"/users/{member.pk}/email"
    for value in VALUES:
        fields = {"_method": "put", "email_address[address]": value}
        assert client.post(path, fields).status_code in {200, 400}, value[:20]
    for value in JSON_VALUES:
        for body in ({"email_address": {"address": value}}, {"email_address": value}, value):
            assert client.put(f"{path}.json", json.dumps(body), "application/json").status_code in {
                400,
                403,
                422,
            }
    assert not EmailAddress.objects.exists()


def test_the_list_of_email_addresses_takes_any_query(browser):
    client = browser(UserFactory(level=Level.MODERATOR))
    for query in QUERIES:
        for path in ("/emails", "/emails.json"):
            assert client.get(f"{path}?{query}").status_code in {200, 400, 410}, query
    for record_id in ("0", "999999999999999999", "9" * 30, "abc", "1%00"):
        for path in (f"/emails/{record_id}", f"/users/{record_id}/email", f"/users/{record_id}/email/edit"):
            assert client.get(path).status_code in {400, 404}


MODERATION = [
    ("/bans", "ban", ("user_name", "user_id", "duration", "reason", "delete_posts", "post_deletion_reason")),
    ("/bans/{ban}", "ban", ("duration", "reason")),
    ("/user_feedbacks", "user_feedback", ("user_name", "user_id", "category", "body")),
    ("/user_feedbacks/{feedback}", "user_feedback", ("category", "body", "is_deleted")),
    ("/user_name_change_requests", "user_name_change_request", ("desired_name",)),
    ("/user_name_change_requests", "user_name_change_request", ("user_id", "desired_name")),
    ("/admin/users/{user}", "user", ("level",)),
    ("/users/{admin}", "user", ("password",)),
]


@pytest.mark.parametrize(("path", "root", "names"), MODERATION)
def test_forms_of_moderators_take_any_value(path, root, names, browser, admin):
    member = UserFactory()
    ban = BanFactory(user=member)
    feedback = UserFeedback.objects.give(member, UserFactory(), "neutral", "Words.")
    path = path.format(ban=ban.pk, feedback=feedback.pk, user=member.pk, admin=admin.pk)
    client, json_path = browser(admin), f"{path}.json"
    posts = path in {"/bans", "/user_feedbacks", "/user_name_change_requests"}
    method = {} if posts else {"_method": "delete" if root == "user" and names == ("password",) else "put"}
    send = client.post if posts else getattr(client, method["_method"])
    for value in VALUES:
        response = client.post(path, {f"{root}[{name}]": value for name in names} | method)
        assert response.status_code in {200, 302, 400, 403, 404}, value[:20]
    for value in JSON_VALUES:
        for body in ({root: dict.fromkeys(names, value)}, {root: value}, value):
            assert send(json_path, json.dumps(body), "application/json").status_code < 500, (value, body)


def test_sign_up_takes_any_value(browser, db):
    for value in VALUES:
        names = ("name", "email_address", "email_address][address", "password", "password_confirmation")
        fields = {f"user[{name}]": value for name in names}
        assert browser().post("/users", fields).status_code in {200, 302, 400}, value[:20]


SECRETS = {
    "/password_reset": ("signed_id", "password", "password_confirmation", "verification_code"),
    "/users/{user}/password": ("old_password", "password", "password_confirmation", "verification_code"),
    "/users/{user}/totp": ("signed_secret", "verification_code"),
}


@pytest.mark.parametrize("path", SECRETS)
def test_forms_for_secrets_take_anything(path, browser, member):
    client = browser(None if path == "/password_reset" else member)
    url, names = path.format(user=member.pk), SECRETS[path]
    for value in VALUES:
        fields = {f"user[{name}]": value for name in names}
        assert client.post(url, {"_method": "put", **fields}).status_code in {200, 303, 400}, value[:20]
    for value in JSON_VALUES:
        for body in ({"user": dict.fromkeys(names, value)}, {"user": value}, value):
            response = client.put(url, json.dumps(body), "application/json")
            assert response.status_code in {303, 400, 403, 422}, (value, body)
    for value in VALUES:
        asked = browser().post("/password_reset", {"user[name]": value})
        assert asked.status_code in {302, 400}, value[:20]


def test_a_body_that_is_too_large_is_refused(browser, member):
    response = browser(member).post("/dmails", {"dmail[body]": "a" * 3_000_000})
    assert response.status_code in {200, 400, 413}
    response = browser(member).post("/dmails.json", {"dmail": {"body": "a" * 3_000_000}}, "application/json")
    assert response.status_code in {400, 413, 422}


def test_multipart_put_changes_nothing(browser, member):
    response = browser(member).put("/settings", "garbage", content_type="multipart/form-data; boundary=x")
    assert response.status_code in {302, 400}


def test_a_get_with_a_body_is_refused(browser):
    response = browser().generic("GET", "/posts", b"tags=a")
    assert response.status_code == 400
    assert "may not have a body" in response.content.decode()


def test_a_cookie_with_nul_is_refused(browser):
    response = browser().get("/", headers={"cookie": 'sessionid="\\000abcdefgh"'})
    assert response.status_code == 400


def test_a_foreign_user_cannot_be_passed_off_as_the_sender(browser, member):
    victim = UserFactory()
    fields = {"dmail[to_name]": member.name, "dmail[title]": "a", "dmail[body]": "b", "from_id": victim.pk}
    browser(member).post("/dmails", fields)
    assert not Dmail.objects.filter(from_user=victim).exists()


def test_a_signed_link_takes_any_value(browser, db):
    for value in VALUES:
        response = browser().get("/login", {"signed_login_event": value[:5000]})
        assert response.status_code in {200, 400}, value[:20]
