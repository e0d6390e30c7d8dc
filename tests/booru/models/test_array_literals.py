import pytest
from django.db import connection
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from booru.models.array_literals import int_array, text_array

texts = st.lists(st.one_of(st.sampled_from(["", "NULL", "{}", '"', "\\", ",", "a b", "\n"]), st.text()))


@pytest.mark.django_db
@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(texts=texts.map(lambda texts: [text.replace("\0", "") for text in texts]))
def test_postgresql_reads_back_any_text(texts):
    with connection.cursor() as cursor:
        cursor.execute("SELECT %s::text[]", [text_array(texts)])
        assert cursor.fetchone()[0] == texts


@pytest.mark.django_db
def test_postgresql_reads_back_numbers():
    with connection.cursor() as cursor:
        cursor.execute("SELECT %s::bigint[], %s::int[]", [int_array([1, -2, 2**62]), int_array([])])
        assert cursor.fetchone() == ([1, -2, 2**62], [])


def test_a_text_with_a_nul_is_refused():
    with pytest.raises(ValueError, match="NUL"):
        text_array(["a", "b\0c"])
