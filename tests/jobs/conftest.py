"""Mail servers for the tests of mail jobs."""

from tests.mailers.conftest import impatient, server, use_delivery_url

__all__ = ["impatient", "server", "use_delivery_url"]
