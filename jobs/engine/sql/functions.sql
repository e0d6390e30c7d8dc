-- The functions and triggers of the tables, as they are installed. Only migrations install them: each has a
-- copy of what it installs, so that it runs what it ran when it was written.

-- name: background_jobs_lock_key
-- Waits until nobody decides about the key, as workers of an earlier version do; no longer used by this one.
CREATE OR REPLACE FUNCTION background_jobs_lock_key(key text) RETURNS void LANGUAGE sql AS $$
    SELECT pg_advisory_xact_lock(hashtextextended('background_jobs:' || key, 0))
$$

-- name: background_jobs_try_lock_key
-- Decides about the key until the transaction ends; false when somebody else does. Nobody waits.
CREATE OR REPLACE FUNCTION background_jobs_try_lock_key(key text) RETURNS boolean LANGUAGE sql AS $$
    SELECT pg_try_advisory_xact_lock(hashtextextended('background_jobs:' || key, 0))
$$

-- name: background_jobs_free_lock_key
-- Takes back the first job that waits for the key; false when somebody else has the key or the job in hand.
-- It is found without reading the others: those that have this key alone are in an index in their order,
-- those that have several, of which there are few, in one of their own.
CREATE OR REPLACE FUNCTION background_jobs_free_lock_key(lock_key text) RETURNS boolean LANGUAGE plpgsql AS $$
DECLARE
    first_id uuid;
BEGIN
    IF NOT background_jobs_try_lock_key(lock_key) THEN
        RETURN false;
    END IF;
    SELECT id INTO first_id FROM (
        (SELECT id, enqueued_at FROM background_jobs
            WHERE finished_at IS NULL AND cardinality(lock_keys) = 1 AND lock_keys[1] = lock_key
                AND held = 'lock'
            ORDER BY enqueued_at, id LIMIT 1)
        UNION ALL
        (SELECT id, enqueued_at FROM background_jobs
            WHERE finished_at IS NULL AND cardinality(lock_keys) > 1 AND lock_keys @> ARRAY[lock_key]
                AND held = 'lock'
            ORDER BY enqueued_at, id LIMIT 1)
    ) AS first ORDER BY enqueued_at, id LIMIT 1;
    IF first_id IS NULL THEN
        RETURN true;
    END IF;
    PERFORM FROM background_jobs WHERE id = first_id FOR UPDATE SKIP LOCKED;
    IF NOT FOUND THEN
        RETURN false;
    END IF;
    UPDATE background_jobs SET held = NULL WHERE id = first_id AND finished_at IS NULL;
    RETURN true;
END $$

-- name: background_jobs_free_lock_keys
-- Takes back the next job of each key of one that has ended; leaves a note when somebody else has it in hand.
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
END $$

-- name: background_jobs_finish_frees_lock_keys
-- Whatever ends a job with lock keys frees them.
CREATE OR REPLACE TRIGGER background_jobs_finish_frees_lock_keys
    AFTER UPDATE OF finished_at ON background_jobs FOR EACH ROW
    WHEN (OLD.lock_keys IS NOT NULL AND OLD.finished_at IS NULL AND NEW.finished_at IS NOT NULL)
    EXECUTE FUNCTION background_jobs_free_lock_keys()

-- name: background_jobs_delete_frees_lock_keys
-- Even a DELETE by hand frees them.
CREATE OR REPLACE TRIGGER background_jobs_delete_frees_lock_keys
    AFTER DELETE ON background_jobs FOR EACH ROW
    WHEN (OLD.lock_keys IS NOT NULL AND OLD.finished_at IS NULL)
    EXECUTE FUNCTION background_jobs_free_lock_keys()

-- name: background_jobs_remember_in_batches
-- Counts, in their batches, how deleted jobs had ended.
CREATE OR REPLACE FUNCTION background_jobs_remember_in_batches() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    UPDATE background_job_batches AS batch SET
        gone_succeeded = batch.gone_succeeded + gone.succeeded,
        gone_failed = batch.gone_failed + gone.failed
    FROM (
        SELECT batch_id,
            count(*) FILTER (WHERE finished_at IS NOT NULL AND error IS NULL) AS succeeded,
            count(*) FILTER (WHERE finished_at IS NULL OR error IS NOT NULL) AS failed
        FROM deleted WHERE batch_id IS NOT NULL GROUP BY batch_id ORDER BY batch_id
    ) AS gone
    WHERE batch.id = gone.batch_id;
    RETURN NULL;
END $$

-- name: background_jobs_delete_remembers
-- Whoever deletes jobs, their batches remember how they had ended.
CREATE OR REPLACE TRIGGER background_jobs_delete_remembers
    AFTER DELETE ON background_jobs REFERENCING OLD TABLE AS deleted FOR EACH STATEMENT
    EXECUTE FUNCTION background_jobs_remember_in_batches()
