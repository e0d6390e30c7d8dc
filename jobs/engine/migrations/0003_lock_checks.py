from django.db import migrations, models

# Nobody waits for who decides about a key: see jobs.engine.holds. Jobs come in the order of enqueued_at, which is
# the database's clock; their ids go by the clocks of those who enqueue. background_jobs_lock_key stays for workers of the last version.
FUNCTIONS = """
CREATE FUNCTION background_jobs_try_lock_key(key text) RETURNS boolean LANGUAGE sql AS $$
    SELECT pg_try_advisory_xact_lock(hashtextextended('background_jobs:' || key, 0))
$$;

CREATE FUNCTION background_jobs_free_lock_key(lock_key text) RETURNS boolean LANGUAGE plpgsql AS $$
DECLARE
    first_id uuid;
BEGIN
    IF NOT background_jobs_try_lock_key(lock_key) THEN
        RETURN false;
    END IF;
    SELECT id INTO first_id FROM background_jobs
    WHERE lock_keys @> ARRAY[lock_key] AND finished_at IS NULL AND held = 'lock'
    ORDER BY enqueued_at, id LIMIT 1;
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

CREATE OR REPLACE FUNCTION background_jobs_free_lock_keys() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    lock_key text;
BEGIN
    FOR lock_key IN SELECT DISTINCT unnest(OLD.lock_keys) ORDER BY 1 LOOP
        IF NOT background_jobs_free_lock_key(lock_key) THEN
            INSERT INTO background_job_lock_checks (key) VALUES (lock_key);
        END IF;
    END LOOP;
    PERFORM pg_notify('background_jobs', '');
    RETURN NULL;
END $$;
"""
FORMER_FUNCTIONS = """
CREATE OR REPLACE FUNCTION background_jobs_free_lock_keys() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    lock_key text;
BEGIN
    FOR lock_key IN SELECT DISTINCT unnest(OLD.lock_keys) ORDER BY 1 LOOP
        PERFORM background_jobs_lock_key(lock_key);
        UPDATE background_jobs SET held = NULL WHERE id = (
            SELECT id FROM background_jobs
            WHERE lock_keys @> ARRAY[lock_key] AND finished_at IS NULL AND held = 'lock'
            ORDER BY id LIMIT 1
        );
    END LOOP;
    PERFORM pg_notify('background_jobs', '');
    RETURN NULL;
END $$;

DROP FUNCTION background_jobs_free_lock_key(text);
DROP FUNCTION background_jobs_try_lock_key(text);
"""


class Migration(migrations.Migration):

    dependencies = [
        ('jobs', '0002_whole_engine'),
    ]

    operations = [
        migrations.CreateModel(
            name='LockCheck',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('key', models.TextField()),
            ],
            options={
                'db_table': 'background_job_lock_checks',
            },
        ),
        migrations.RunSQL(FUNCTIONS, FORMER_FUNCTIONS),
    ]
