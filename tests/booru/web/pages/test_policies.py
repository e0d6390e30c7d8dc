"""Who may write wiki pages, pools and artists, for every kind of visitor."""

import pytest

from booru.models import Artist, Pool, SavedSearch, WikiPage
from booru.web.pages.policies import ArtistPolicy, PoolPolicy, SavedSearchPolicy, WikiPagePolicy
from tests.booru.web.visitors import GOOD_STANDING, LOGGED_IN, ME, STAFF, VISITORS, allowed


@pytest.mark.parametrize(
    ("policy", "record"), [(WikiPagePolicy, WikiPage()), (PoolPolicy, Pool()), (ArtistPolicy, Artist())]
)
def test_records_are_written_in_good_standing_and_deleted_by_builders(policy, record):
    builders = {"builder", *STAFF}
    assert allowed(policy, "can_create") == GOOD_STANDING
    assert allowed(policy, "can_update", record) == GOOD_STANDING
    assert allowed(policy, "can_destroy", record) == builders
    may_restore = {name for name, user in VISITORS.items() if "is_deleted" in policy(user).write_fields}
    assert may_restore == builders


def test_locked_pages_and_deleted_pools_are_for_builders():
    builders = {"builder", *STAFF}
    assert allowed(WikiPagePolicy, "can_update", WikiPage(is_locked=True)) == builders
    assert allowed(PoolPolicy, "can_update", Pool(is_deleted=True)) == builders
    may_lock = {name for name, user in VISITORS.items() if "is_locked" in WikiPagePolicy(user).write_fields}
    assert may_lock == builders


def test_saved_searches_are_for_their_owner_alone():
    assert allowed(SavedSearchPolicy, "can_index") == LOGGED_IN
    assert allowed(SavedSearchPolicy, "can_create") == LOGGED_IN
    assert allowed(SavedSearchPolicy, "can_update", SavedSearch(user_id=ME)) == LOGGED_IN
    assert allowed(SavedSearchPolicy, "can_update", SavedSearch(user_id=2)) == set()
