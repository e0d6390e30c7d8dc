import pytest

from tests.support import sample_jobs


@pytest.fixture(autouse=True)
def calls():
    sample_jobs.calls.clear()
    return sample_jobs.calls
