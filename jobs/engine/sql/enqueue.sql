-- Saving jobs.
--
-- Clusters that are busy look at the table anyway. A notification takes a lock that all committing
-- transactions share, so none is sent unless a cluster sleeps and the job is due.

-- name: insert
-- Saves one job; no row comes back when its unique key, or its tick of the schedule, is there already.
WITH job AS (
    INSERT INTO background_jobs (
        id, job_class, arguments, context, options, queue_name, priority, run_after, enqueued_at,
        updated_at, lock_keys, unique_key, batch_id, cron_key, cron_at, parent_id,
        attempts, attempts_before_retry, crashes, labels, announced
    )
    SELECT
        new.id::uuid, new.job_class, new.arguments::jsonb, new.context::jsonb, new.options::jsonb,
        new.queue_name, new.priority, COALESCE(new.run_after, statement_timestamp() + new.delay),
        statement_timestamp(), statement_timestamp(), new.lock_keys, new.unique_key, new.batch_id::uuid,
        new.cron_key, new.cron_at, new.parent_id::uuid, 0, 0, 0, '{}', false
    FROM (VALUES (
        %(id)s::text, %(job_class)s::text, %(arguments)s::text, %(context)s::text, %(options)s::text,
        %(queue_name)s::text, %(priority)s::int, %(run_after)s::timestamptz, %(delay)s::interval,
        %(lock_keys)s::text[], %(unique_key)s::text, %(batch)s::text, %(cron_key)s::text,
        %(cron_at)s::timestamptz, %(parent)s::text
    )) AS new (
        id, job_class, arguments, context, options, queue_name, priority, run_after, delay, lock_keys,
        unique_key, batch_id, cron_key, cron_at, parent_id
    )
    ON CONFLICT DO NOTHING
    RETURNING id, run_after, enqueued_at, updated_at
)
SELECT run_after, enqueued_at, updated_at,
    CASE WHEN run_after <= statement_timestamp()
        AND EXISTS (SELECT FROM background_job_sleepers WHERE is_asleep)
    THEN pg_notify('background_jobs', '') IS NULL END
FROM job

-- name: times
-- When many jobs are to run, and what time it is, as COPY takes them.
SELECT COALESCE(%(run_after)s::timestamptz, statement_timestamp() + %(delay)s::interval)::text,
    statement_timestamp()::text

-- name: copy
-- Saves many jobs.
COPY background_jobs (
    id, arguments, job_class, context, options, queue_name, priority, batch_id, parent_id, run_after,
    enqueued_at, updated_at, attempts, attempts_before_retry, crashes, labels, announced
) FROM STDIN

-- name: wake_for
-- Wakes whoever sleeps, when jobs of that time are due.
SELECT CASE WHEN run_after <= statement_timestamp()
        AND EXISTS (SELECT FROM background_job_sleepers WHERE is_asleep)
    THEN pg_notify('background_jobs', '') IS NULL END
FROM (SELECT %(run_after)s::timestamptz AS run_after) AS job

-- name: hold_batch
-- Has the batch finished? Until the transaction ends, many may add to it at once and nobody may finish it.
SELECT finished_at IS NOT NULL FROM background_job_batches WHERE id = %(id)s::uuid FOR SHARE
