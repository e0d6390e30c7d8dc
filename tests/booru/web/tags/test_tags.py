from booru.models import Artist, ModAction, TagAlias, TagImplication, WikiPage
from jobs.engine.testing import assert_enqueued
from jobs.tags import UpdateTagCategoryPostCountsJob
from tests.support.factories import TagFactory, UserFactory


def test_tags_are_listed_by_count_and_found_by_pattern(browser, db):
    TagFactory(name="blue_hair", post_count=5)
    TagFactory(name="red_hair", post_count=9)
    TagFactory(name="hairband", post_count=1)
    page = browser().get("/tags").content.decode()
    assert page.index(">red hair<") < page.index(">blue hair<") < page.index(">hairband<")
    found = (
        browser().get("/tags", {"search[name_matches]": "*_hair", "search[order]": "name"}).content.decode()
    )
    assert found.index(">blue hair<") < found.index(">red hair<")
    assert "hairband" not in found


def test_underscores_are_no_wildcards(browser, db):
    TagFactory(name="a_b")
    TagFactory(name="axb")
    assert "axb" not in browser().get("/tags", {"search[name_matches]": "a_b"}).content.decode()


def test_a_wiki_page_shows_its_text_and_aliases(browser, db):
    WikiPage.objects.create(title="touhou", body="A [b]series[/b] of [[shoot_em_up]] games.")
    TagFactory(name="touhou", category=3, post_count=7)
    TagAlias.objects.create(antecedent_name="touhou_project", consequent_name="touhou", creator=UserFactory())
    page = browser().get("/wiki_pages/Touhou").content.decode()
    assert "<strong>series</strong>" in page
    assert "7 posts" in page
    assert "touhou_project" in page


def test_a_tag_without_a_page_is_shown_and_an_unknown_one_is_not_found(browser, db):
    TagFactory(name="solo")
    TagFactory(name="fate/stay_night")
    assert browser().get("/wiki_pages/solo").status_code == 200
    assert browser().get("/wiki_pages/fate/stay_night").status_code == 200
    response = browser().get("/wiki_pages/nothing_at_all")
    assert response.status_code == 404
    assert "Nobody has written this page yet." in response.content.decode()


def change(client, tag, **fields):
    return client.put(f"/tags/{tag.pk}.json", {"tag": fields}, "application/json")


def test_tags_for_programs(browser, db):
    tag = TagFactory(name="blue_hair", post_count=5, category=4, words=["blue", "hair"])
    record = browser().get(f"/tags/{tag.pk}.json").json()
    assert {name: record[name] for name in ("id", "name", "post_count", "category", "is_deprecated")} == {
        "id": tag.pk,
        "name": "blue_hair",
        "post_count": 5,
        "category": 4,
        "is_deprecated": False,
    }
    assert record["words"] == ["blue", "hair"]
    newer = TagFactory(name="red_hair")
    assert [one["id"] for one in browser().get("/tags.json").json()] == [newer.pk, tag.pk]


def find(browser, **params):
    query = {f"search[{name}]": value for name, value in params.items()}
    return {tag["name"] for tag in browser().get("/tags.json", query).json()}


def test_tags_are_found_by_what_belongs_to_them(browser, db):
    TagFactory(name="blue_hair", post_count=5)
    TagFactory(name="red_hair", post_count=0, category=1)
    TagFactory(name="green_hair", post_count=-2, is_deprecated=True)
    WikiPage.objects.create(title="blue_hair", body="The sky has it.")
    Artist.objects.create(name="red_hair")
    TagAlias.objects.create(antecedent_name="azure_hair", consequent_name="blue_hair", creator=UserFactory())
    assert find(browser, name_normalize="Blue Hair, RED_HAIR") == {"blue_hair", "red_hair"}
    assert find(browser, name_or_alias_matches="az*") == {"blue_hair"}
    assert find(browser, is_empty="yes") == {"red_hair", "green_hair"}
    assert find(browser, hide_empty="yes") == find(browser, is_empty="no") == {"blue_hair"}
    assert find(browser, hide_empty="no") == {"blue_hair", "red_hair", "green_hair"}
    assert find(browser, is_empty="x") == find(browser, hide_empty="x") == set()
    assert find(browser, has_wiki_page="yes") == {"blue_hair"}
    assert find(browser, has_artist="yes") == {"red_hair"}
    assert find(browser, is_deprecated="yes") == {"green_hair"}
    assert find(browser, **{"wiki_page][body_matches": "skies"}) == {"blue_hair"}


def test_a_tag_shows_its_relations(browser, db):
    tag = TagFactory(name="blue_hair", is_deprecated=True)
    creator = UserFactory()
    TagAlias.objects.create(antecedent_name="azure_hair", consequent_name="blue_hair", creator=creator)
    TagImplication.objects.create(
        antecedent_name="blue_hair", consequent_name="dyed_hair", creator=creator, status="deleted"
    )
    page = browser().get(f"/tags/{tag.pk}").content.decode()
    assert "azure_hair" in page
    assert "dyed_hair" not in page
    assert "This tag is deprecated." in page
    assert f"/tags/{tag.pk}/edit" not in page


def test_a_member_changes_the_category_of_a_small_tag(browser, member):
    tag = TagFactory(name="hakurei_reimu", post_count=3)
    client = browser(member)
    assert f"/tags/{tag.pk}/edit" in client.get(f"/tags/{tag.pk}").content.decode()
    form = client.get(f"/tags/{tag.pk}/edit").content.decode()
    assert "tag[category]" in form
    assert "tag[is_deprecated]" not in form
    response = client.post(f"/tags/{tag.pk}", {"_method": "put", "tag[category]": "4"}, follow=True)
    assert "Tag updated" in response.content.decode()
    tag.refresh_from_db()
    assert tag.category == 4
    history = browser().get("/tag_versions.json", {"search[tag_id]": tag.pk}).json()
    assert [(one["version"], one["category"], one["updater_id"]) for one in history] == [
        (2, 4, member.pk),
        (1, 0, None),
    ]
    assert "Character" in browser().get("/tag_versions").content.decode()


def test_posts_are_counted_anew_by_a_job(browser, member):
    tag = TagFactory(name="hakurei_reimu", post_count=3)
    assert change(browser(member), tag, category="char").status_code == 204
    assert_enqueued(UpdateTagCategoryPostCountsJob, tag)


def test_a_category_that_one_may_not_change_is_refused(browser, member):
    tag = TagFactory(post_count=50)
    assert change(browser(member), tag, category="artist").status_code == 403
    tag.refresh_from_db()
    assert tag.category == 0
    assert "Request a bulk update" in browser(member).get(f"/tags/{tag.pk}/edit").content.decode()


def test_rules_against_a_category_are_told(browser, admin):
    tag = TagFactory(name="aaa")
    TagFactory(name="bbb", category=3)
    TagAlias.objects.create(antecedent_name="aaa", consequent_name="bbb", creator=admin)
    response = change(browser(admin), tag, category="1")
    assert response.status_code == 422
    assert response.json() == {"errors": {"base": ["Can't change the category of an aliased tag"]}}
    response = change(browser(admin), tag, category="9")
    assert response.json() == {"errors": {"category": ["is not included in the list"]}}
    page = browser(admin).post(f"/tags/{tag.pk}", {"_method": "put", "tag[category]": "9"}).content.decode()
    assert "Category is not included in the list" in page
    assert "Category Category" not in page


def test_an_admin_deprecates_a_tag_with_a_wiki_page(browser, admin):
    tag = TagFactory(name="silver_hair", post_count=5000)
    assert change(browser(admin), tag, is_deprecated=True).status_code == 403
    WikiPage.objects.create(title="silver_hair", body="Say [[grey hair]].")
    assert change(browser(admin), tag, is_deprecated=True).status_code == 204
    assert change(browser(admin), tag, is_deprecated=True).status_code == 204
    tag.refresh_from_db()
    assert tag.is_deprecated
    assert change(browser(admin), tag, is_deprecated=False).status_code == 204
    actions = ModAction.objects.order_by("pk").values_list("category", "description", "subject_id")
    assert list(actions) == [
        (240, "marked the tag [[silver_hair]] as deprecated", tag.pk),
        (242, "marked the tag [[silver_hair]] as not deprecated", tag.pk),
    ]


def test_a_builder_may_not_deprecate(browser, builder):
    tag = TagFactory(name="silver_hair")
    WikiPage.objects.create(title="silver_hair", body="Say [[grey hair]].")
    assert change(browser(builder), tag, is_deprecated=True).status_code == 403


def test_a_tag_has_no_other_field_to_change(browser, admin):
    tag = TagFactory(name="aaa")
    assert change(browser(admin), tag, name="bbb").status_code == 403
    assert change(browser(admin), tag, post_count=5).status_code == 403
