import pytest

from tests.booru.bulk_update.trouble import Trouble


@pytest.fixture
def trouble(monkeypatch):
    return Trouble(monkeypatch)
