"""What every ordeal has."""

import pytest

from tests.chaos.journal import Journal


@pytest.fixture(autouse=True)
def chaos_settings(monkeypatch):
    """For the clusters: no schedule of the project comes between."""
    monkeypatch.setenv("DJANGO_SETTINGS_MODULE", "tests.chaos.settings")


@pytest.fixture
def journal(tmp_path, monkeypatch):
    """Where the jobs of this test write, in whatever process they run."""
    path = tmp_path / "journal"
    monkeypatch.setenv("CHAOS_JOURNAL", str(path))
    return Journal(path)
