"""Who may see what was sent, for every kind of visitor."""

import pytest

from booru.web.site.policies import SentMailPolicy
from tests.booru.web.visitors import ADMINS, allowed


@pytest.mark.parametrize("permission", ["can_index", "can_show"])
def test_admins_alone_see_what_was_sent_to_whom(permission):
    assert allowed(SentMailPolicy, permission) == ADMINS
