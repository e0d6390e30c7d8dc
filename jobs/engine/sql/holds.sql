-- Putting jobs aside that may not start yet, and taking them back.
--
-- What goes before a job with the same keys: what runs, and what was enqueued earlier and is due or was
-- tried. When that was says the database: the ids go by the clocks of those who enqueue.

-- name: lock
-- Locks the job that a worker has met, if it may still start.
SELECT enqueued_at FROM background_jobs
WHERE id = %(id)s::uuid AND performed_at IS NULL AND finished_at IS NULL AND held IS NULL
    AND run_after <= statement_timestamp()
FOR UPDATE SKIP LOCKED

-- name: taken_keys
-- Of these keys, those about which somebody else decides; the others are this transaction's from then on.
SELECT key FROM unnest(%(keys)s::text[]) AS key WHERE NOT background_jobs_try_lock_key(key)

-- name: claim
-- Takes the job if nothing goes before it. That is asked in parts, for each of which there is an index that
-- leads past all that waits behind: what runs; the first of those with one key alone; those with several.
UPDATE background_jobs AS job
SET performed_at = statement_timestamp(), updated_at = statement_timestamp(),
    attempts = attempts + 1, claimed_by = %(cluster)s::uuid, worker_pid = %(pid)s::int
WHERE id = %(id)s::uuid
    AND NOT (EXISTS (
        SELECT FROM background_jobs AS earlier
        WHERE performed_at IS NOT NULL AND finished_at IS NULL AND lock_keys && %(keys)s::text[]
            AND id <> %(id)s::uuid
    ) OR EXISTS (
        SELECT FROM unnest(%(keys)s::text[]) AS key CROSS JOIN LATERAL (
            SELECT FROM background_jobs AS earlier
            WHERE finished_at IS NULL AND cardinality(lock_keys) = 1 AND lock_keys[1] = key
                AND (enqueued_at, id) < (%(enqueued_at)s::timestamptz, %(id)s::uuid)
                AND (attempts > 0 OR run_after <= statement_timestamp())
            ORDER BY enqueued_at, id LIMIT 1
        ) AS first
    ) OR EXISTS (
        SELECT FROM background_jobs AS earlier
        WHERE cardinality(lock_keys) > 1
            AND earlier.lock_keys && %(keys)s::text[]
            AND earlier.finished_at IS NULL AND earlier.id <> %(id)s::uuid
            AND (earlier.performed_at IS NOT NULL
                OR ((earlier.enqueued_at, earlier.id) < (%(enqueued_at)s::timestamptz, %(id)s::uuid)
                    AND (earlier.attempts > 0 OR earlier.run_after <= statement_timestamp())))
    ))
    AND NOT EXISTS (
        SELECT FROM background_job_pauses WHERE kind = 'job_class' AND name = %(job_class)s::text
    )

-- name: hold_behind
-- Holds all that waits behind the first of what goes before the job.
WITH before AS (
    SELECT id, enqueued_at, lock_keys, performed_at IS NOT NULL AS runs FROM background_jobs AS earlier
    WHERE earlier.lock_keys && %(keys)s::text[]
        AND earlier.finished_at IS NULL AND earlier.id <> %(id)s::uuid
        AND (earlier.performed_at IS NOT NULL
            OR ((earlier.enqueued_at, earlier.id) < (%(enqueued_at)s::timestamptz, %(id)s::uuid)
                AND (earlier.attempts > 0 OR earlier.run_after <= statement_timestamp())))
    ORDER BY enqueued_at, id LIMIT 1
), waiting AS (
    SELECT job.id FROM background_jobs AS job, before
    WHERE job.lock_keys && %(keys)s::text[] AND job.lock_keys && before.lock_keys
        AND job.performed_at IS NULL AND job.finished_at IS NULL AND job.held IS NULL
        AND job.run_after <= statement_timestamp()
        AND (before.runs OR (job.enqueued_at, job.id) > (before.enqueued_at, before.id))
    FOR UPDATE OF job SKIP LOCKED
)
UPDATE background_jobs AS job SET held = 'lock', updated_at = statement_timestamp()
FROM waiting WHERE job.id = waiting.id

-- name: hold_all_of
-- Holds what waits for one of these keys, about which somebody else decides, and has them looked at again.
WITH waiting AS (
    SELECT id FROM background_jobs
    WHERE lock_keys && %(keys)s::text[] AND performed_at IS NULL AND finished_at IS NULL AND held IS NULL
        AND run_after <= statement_timestamp()
    FOR UPDATE SKIP LOCKED
), checks AS (
    INSERT INTO background_job_lock_checks (key) SELECT unnest(%(keys)s::text[])
)
UPDATE background_jobs AS job SET held = 'lock', updated_at = statement_timestamp()
FROM waiting WHERE job.id = waiting.id

-- name: hold_paused_class
-- Holds waiting jobs of a class, so many at most, if it is still paused.
WITH pause AS MATERIALIZED (
    SELECT name FROM background_job_pauses
    WHERE kind = 'job_class' AND name = %(job_class)s::text FOR SHARE
), waiting AS (
    SELECT id FROM background_jobs, pause
    WHERE job_class = pause.name AND performed_at IS NULL AND finished_at IS NULL AND held IS NULL
    LIMIT %(limit)s
    FOR UPDATE OF background_jobs SKIP LOCKED
)
UPDATE background_jobs AS job SET held = 'pause', updated_at = statement_timestamp()
FROM waiting WHERE job.id = waiting.id

-- name: try_key
-- Decides about a key from now until the transaction ends, if nobody else does.
SELECT background_jobs_try_lock_key(%(key)s::text)

-- name: forget_checks
-- The key is looked at now. First of all: a check that comes later may be about what is not seen here.
DELETE FROM background_job_lock_checks WHERE key = %(key)s::text

-- name: free_key
-- Takes back the first job that waits for the key; false when somebody else has it in hand.
SELECT background_jobs_free_lock_key(%(key)s::text)

-- name: free_the_forgotten
-- Takes back held jobs that nothing holds any more.
WITH forgotten AS (
    SELECT id FROM background_jobs AS job
    WHERE (held = 'pause' AND finished_at IS NULL AND NOT EXISTS (
            SELECT FROM background_job_pauses WHERE kind = 'job_class' AND name = job.job_class
        ))
        OR (id IN (
            SELECT DISTINCT ON (key) id FROM background_jobs, unnest(lock_keys) AS key
            WHERE held = 'lock' AND finished_at IS NULL ORDER BY key, enqueued_at, id
        ) AND NOT EXISTS (
            SELECT FROM background_jobs AS earlier
            WHERE earlier.lock_keys && job.lock_keys AND earlier.finished_at IS NULL
                AND earlier.id <> job.id AND (earlier.performed_at IS NOT NULL
                    OR (earlier.enqueued_at, earlier.id) < (job.enqueued_at, job.id))
        ))
    FOR UPDATE OF job SKIP LOCKED
)
UPDATE background_jobs AS job SET held = NULL, updated_at = statement_timestamp()
FROM forgotten WHERE job.id = forgotten.id
