-- What follows when jobs have ended with an error.

-- name: enqueue_hooks
-- Enqueues a job for each of these, with its class, arguments and error; it acts for the request that they
-- acted for.
INSERT INTO background_jobs (
    id, job_class, arguments, context, options, queue_name, priority, run_after, enqueued_at, updated_at,
    attempts, attempts_before_retry, crashes, labels, announced
)
SELECT
    new.hook_id, %(hook)s::text,
    jsonb_build_object('args', jsonb_build_array(
        job.job_class, jsonb_build_object('_encoded', job.arguments), left(job.error, %(length)s::int)
    )),
    job.context, '{}', %(queue)s::text, %(priority)s::int, statement_timestamp(), statement_timestamp(),
    statement_timestamp(), 0, 0, 0, '{}', false
FROM unnest(%(ids)s::uuid[], %(hook_ids)s::uuid[]) AS new (id, hook_id)
JOIN background_jobs AS job ON job.id = new.id

-- name: enqueue_lost_tasks
-- The same for plain async_task() calls, with what django-q2 was told and with the times.
INSERT INTO background_jobs (
    id, job_class, arguments, context, options, queue_name, priority, run_after, enqueued_at, updated_at,
    attempts, attempts_before_retry, crashes, labels, announced
)
SELECT
    new.hook_id, %(hook)s::text,
    jsonb_build_object('args', jsonb_build_array(
        job.job_class, jsonb_build_object('_encoded', job.arguments),
        jsonb_build_object('_encoded', job.options), left(job.error, %(length)s::int),
        jsonb_build_object('_datetime', COALESCE(job.performed_at, job.enqueued_at)),
        jsonb_build_object('_datetime', job.finished_at)
    )),
    job.context, '{}', %(queue)s::text, %(priority)s::int, statement_timestamp(), statement_timestamp(),
    statement_timestamp(), 0, 0, 0, '{}', false
FROM unnest(%(ids)s::uuid[], %(hook_ids)s::uuid[]) AS new (id, hook_id)
JOIN background_jobs AS job ON job.id = new.id

-- name: lock_alerts
-- Has others wait: two clusters that count the same errors, each in its own order, would wait for each other.
SELECT pg_advisory_xact_lock(hashtextextended('background_job_alerts', 0))

-- name: count_alert
-- Counts discarded jobs of a class and error, and tells when the next email about them is due.
INSERT INTO background_job_alerts AS alert (job_class, error_class, sent_at, count)
VALUES (%(job_class)s::text, %(error_class)s::text, 'epoch', %(count)s::int)
ON CONFLICT (job_class, error_class) DO UPDATE SET count = alert.count + EXCLUDED.count
RETURNING greatest(sent_at + %(every)s::interval, statement_timestamp())
