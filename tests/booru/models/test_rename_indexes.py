"""What a moved tag takes along is found through indexes, and the migration fills one of them."""

from importlib import import_module

import pytest
from django.db import connection

from booru.models import Pool, SavedSearch, User, WikiPage
from booru.rules.wiki_links import linked_titles
from tests.support.tag_factories import make_wiki_page

pytestmark = pytest.mark.django_db

TEXTS = [
    "[[One Two]] [[one_two|x]] [[ three  (four) |]] [[FIVE__six]]",
    "[[a]] [b] [[c\nd]] [[e|f\ng]] [[|h]] [[i[j]] [[]] [[k",
    "nothing",
]


@pytest.mark.parametrize(
    ("records", "index"),
    [
        (lambda: WikiPage.objects.linking_to("tag"), "wikipage_linked_titles"),
        (lambda: Pool.objects.linking_to("tag"), "pool_linked_titles"),
        (lambda: SavedSearch.objects.naming("tag"), "saved_search_words"),
        (lambda: User.objects.blacklisting("tag"), "user_blacklist_words"),
    ],
)
def test_candidates_are_found_through_an_index(records, index):
    with connection.cursor() as cursor:
        # The tables are too small for the planner to bother.
        cursor.execute("SET LOCAL enable_seqscan = off")
        assert index in records().explain()


def test_pages_that_were_there_before_are_indexed_by_the_migration():
    pages = [make_wiki_page(f"page_{number}", text) for number, text in enumerate(TEXTS)]
    WikiPage.objects.update(linked_titles=[])
    migration = import_module("booru.migrations.0003_bulk_updates_whole")
    with connection.cursor() as cursor:
        cursor.execute(migration._FIND_LINKS)
    for page in pages:
        page.refresh_from_db()
        assert sorted(page.linked_titles) == linked_titles(page.body)
