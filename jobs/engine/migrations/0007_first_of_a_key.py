from django.db import migrations

# The first of the jobs that wait for a key is found without reading the others: those that have this key alone are
# in an index in their order, those that have several keys, of which there are few, in one of their own.
INDEXES = """
CREATE INDEX background_jobs_one_key ON background_jobs ((lock_keys[1]), enqueued_at, id)
    WHERE finished_at IS NULL AND cardinality(lock_keys) = 1;
CREATE INDEX background_jobs_many_keys ON background_jobs USING gin (lock_keys)
    WHERE finished_at IS NULL AND cardinality(lock_keys) > 1;
"""
FORGET_INDEXES = """
DROP INDEX background_jobs_one_key;
DROP INDEX background_jobs_many_keys;
"""

_FREE = """
CREATE OR REPLACE FUNCTION background_jobs_free_lock_key(lock_key text) RETURNS boolean LANGUAGE plpgsql AS $$
DECLARE
    first_id uuid;
BEGIN
    IF NOT background_jobs_try_lock_key(lock_key) THEN
        RETURN false;
    END IF;
    {first}
    IF first_id IS NULL THEN
        RETURN true;
    END IF;
    PERFORM FROM background_jobs WHERE id = first_id FOR UPDATE SKIP LOCKED;
    IF NOT FOUND THEN
        RETURN false;
    END IF;
    UPDATE background_jobs SET held = NULL WHERE id = first_id AND finished_at IS NULL;
    RETURN true;
END $$;
"""
FREE = _FREE.format(
    first="""
    SELECT id INTO first_id FROM (
        (SELECT id, enqueued_at FROM background_jobs
            WHERE finished_at IS NULL AND cardinality(lock_keys) = 1 AND lock_keys[1] = lock_key AND held = 'lock'
            ORDER BY enqueued_at, id LIMIT 1)
        UNION ALL
        (SELECT id, enqueued_at FROM background_jobs
            WHERE finished_at IS NULL AND cardinality(lock_keys) > 1 AND lock_keys @> ARRAY[lock_key]
                AND held = 'lock'
            ORDER BY enqueued_at, id LIMIT 1)
    ) AS first ORDER BY enqueued_at, id LIMIT 1;
"""
)
FORMER_FREE = _FREE.format(
    first="""
    SELECT id INTO first_id FROM background_jobs
    WHERE lock_keys @> ARRAY[lock_key] AND finished_at IS NULL AND held = 'lock'
    ORDER BY enqueued_at, id LIMIT 1;
"""
)


class Migration(migrations.Migration):

    dependencies = [
        ('jobs', '0006_batches_remember'),
    ]

    operations = [
        migrations.RunSQL(INDEXES, FORGET_INDEXES),
        migrations.RunSQL(FREE, FORMER_FREE),
    ]
