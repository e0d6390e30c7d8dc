import pytest
from django.db import connection

from booru.services.maintenance.database_vacuum import vacuum_database


def _vacuums():
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT vacuum_count, analyze_count FROM pg_stat_user_tables WHERE relname = 'rate_limits'"
        )
        return cursor.fetchone()


@pytest.mark.django_db(transaction=True)
def test_tables_are_vacuumed_and_analyzed():
    vacuums, analyzes = _vacuums()
    vacuum_database()
    assert _vacuums() == (vacuums + 1, analyzes + 1)


@pytest.mark.django_db
def test_nothing_is_done_inside_a_transaction(caplog):
    before = _vacuums()
    vacuum_database()
    assert _vacuums() == before
    assert caplog.messages == ["Not vacuuming the database: a transaction is open"]
