"""Who may have API keys, for every kind of visitor."""

from booru.models import ApiKey
from booru.web.api.policies import ApiKeyPolicy
from tests.booru.web.visitors import LOGGED_IN, ME, allowed


def test_api_keys_are_ones_own():
    assert allowed(ApiKeyPolicy, "can_index") == allowed(ApiKeyPolicy, "can_create") == LOGGED_IN
    assert allowed(ApiKeyPolicy, "can_update", ApiKey(user_id=ME)) == LOGGED_IN
    assert allowed(ApiKeyPolicy, "can_update", ApiKey(user_id=2)) == set()
