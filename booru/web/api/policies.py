"""Who may have API keys, and see and change them."""

from __future__ import annotations

from booru.models import ApiKey
from booru.web.http.policies import OwnRecordPolicy


class ApiKeyPolicy(OwnRecordPolicy[ApiKey]):
    pass
