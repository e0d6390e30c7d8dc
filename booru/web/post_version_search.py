"""Search of the versions of posts (behaviour D.2)."""

from booru.models import PostVersion
from booru.web.lists.search import Search
from booru.web.lists.search_fields import belongs_to, dates, numbers, users

POST_VERSION_SEARCH = Search[PostVersion](
    numbers("id", "version"),
    dates("created_at", "updated_at"),
    belongs_to("post", "bulk_update_request"),
    users("updater"),
)
