"""Mail servers for the tests of mail jobs."""

from tests.mailers.conftest import server, use_delivery_url

__all__ = ["server", "use_delivery_url"]
