-- Taking jobs.
--
-- Each pair of queue and priority is a lane, in which jobs wait in the order of their time; the index
-- background_jobs_lanes holds them. A claim looks at the head of each lane that is open to this worker and
-- takes the best: the smallest priority, then the one that is due longest. One that has been due for longer
-- than starved_after goes before all others; when that is NULL, none does.
--
-- One statement, and so one commit, ends a job and takes the next. It ends none when done is NULL. A job that
-- has lock keys, or whose class is paused, is not free: the worker is told of it, and holds decides.

-- name: lanes
-- Finds the open lanes in which jobs are due, and since when.
WITH RECURSIVE lane AS (
    (SELECT queue_name, priority FROM background_jobs
        WHERE performed_at IS NULL AND finished_at IS NULL AND held IS NULL
        ORDER BY queue_name, priority LIMIT 1)
    UNION ALL
    SELECT following.queue_name, following.priority FROM lane CROSS JOIN LATERAL (
        SELECT queue_name, priority FROM background_jobs
        WHERE performed_at IS NULL AND finished_at IS NULL AND held IS NULL
            AND (queue_name, priority) > (lane.queue_name, lane.priority)
        ORDER BY queue_name, priority LIMIT 1
    ) AS following
)
SELECT lane.queue_name, lane.priority, head.run_after::text FROM lane CROSS JOIN LATERAL (
    SELECT run_after FROM background_jobs
    WHERE performed_at IS NULL AND finished_at IS NULL AND held IS NULL
        AND run_after <= statement_timestamp()
        AND queue_name = lane.queue_name AND priority = lane.priority
    ORDER BY run_after, id LIMIT 1
) AS head
WHERE COALESCE(lane.queue_name = %(queue)s::text, true)
    AND lane.queue_name <> ALL (%(closed)s::text[])
    AND lane.queue_name <> ALL (ARRAY(SELECT name FROM background_job_pauses WHERE kind = 'queue'))
    AND COALESCE(lane.priority >= %(min_priority)s::int, true)
    AND COALESCE(lane.priority <= %(max_priority)s::int, true)

-- name: from_any_lane
-- Claims, and finds the lanes on the way: the first claim of a worker's shift.
WITH RECURSIVE finished AS (
    UPDATE background_jobs
    SET finished_at = statement_timestamp(), updated_at = statement_timestamp(), error = NULL
    WHERE id = %(done)s::uuid AND attempts = %(done_attempts)s::int AND claimed_by = %(cluster)s::uuid
        AND worker_pid = %(pid)s::int AND finished_at IS NULL
    RETURNING id
), lane AS (
    (SELECT queue_name, priority FROM background_jobs
        WHERE performed_at IS NULL AND finished_at IS NULL AND held IS NULL
        ORDER BY queue_name, priority LIMIT 1)
    UNION ALL
    SELECT following.queue_name, following.priority FROM lane CROSS JOIN LATERAL (
        SELECT queue_name, priority FROM background_jobs
        WHERE performed_at IS NULL AND finished_at IS NULL AND held IS NULL
            AND (queue_name, priority) > (lane.queue_name, lane.priority)
        ORDER BY queue_name, priority LIMIT 1
    ) AS following
), open_lane AS (
    SELECT lane.queue_name, lane.priority, head.run_after FROM lane CROSS JOIN LATERAL (
        SELECT run_after, id,
            (run_after < statement_timestamp() - %(starved_after)s::interval) IS TRUE AS is_starved
        FROM background_jobs
        WHERE performed_at IS NULL AND finished_at IS NULL AND held IS NULL
            AND run_after <= statement_timestamp()
            AND queue_name = lane.queue_name AND priority = lane.priority
        ORDER BY run_after, id LIMIT 1
    ) AS head
    WHERE COALESCE(lane.queue_name = %(queue)s::text, true)
        AND lane.queue_name <> ALL (%(closed)s::text[])
        AND lane.queue_name <> ALL (ARRAY(SELECT name FROM background_job_pauses WHERE kind = 'queue'))
        AND COALESCE(lane.priority >= %(min_priority)s::int, true)
        AND COALESCE(lane.priority <= %(max_priority)s::int, true)
    ORDER BY head.is_starved DESC, CASE WHEN NOT head.is_starved THEN lane.priority END,
        head.run_after, head.id
), candidate AS MATERIALIZED (
    SELECT first.id, first.lock_keys, first.job_class,
        COALESCE(cardinality(first.lock_keys), 0) = 0 AND NOT EXISTS (
            SELECT FROM background_job_pauses AS pause
            WHERE pause.kind = 'job_class' AND pause.name = first.job_class
        ) AS is_free
    FROM (
        SELECT first.* FROM open_lane CROSS JOIN LATERAL (
            SELECT id, lock_keys, job_class FROM background_jobs
            WHERE performed_at IS NULL AND finished_at IS NULL AND held IS NULL
                AND run_after <= statement_timestamp()
                AND queue_name = open_lane.queue_name AND priority = open_lane.priority
                AND run_after >= open_lane.run_after
            ORDER BY run_after, id LIMIT 1
            FOR UPDATE SKIP LOCKED
        ) AS first LIMIT 1
    ) AS first
), claimed AS (
    UPDATE background_jobs AS job
    SET performed_at = statement_timestamp(), updated_at = statement_timestamp(),
        attempts = attempts + 1, claimed_by = %(cluster)s::uuid, worker_pid = %(pid)s::int
    FROM candidate
    WHERE job.id = candidate.id AND candidate.is_free
    RETURNING job.id, job.job_class, job.arguments, job.context, job.options, job.queue_name, job.priority,
        job.run_after, job.enqueued_at, job.updated_at, job.attempts, job.attempts_before_retry, job.crashes,
        job.lock_keys, job.held, job.unique_key, job.batch_id, job.cron_key, job.cron_at,
        job.cancel_requested_at, job.claimed_by, job.worker_pid, job.performed_at, job.finished_at, job.error,
        job.announced, job.labels, job.parent_id
)
SELECT EXISTS (SELECT FROM finished), candidate.id, candidate.job_class, candidate.lock_keys, claimed.*
FROM (SELECT) AS one LEFT JOIN candidate ON true LEFT JOIN claimed ON true

-- name: from_one_lane
-- Claims from the only lane in which jobs are due.
WITH finished AS (
    UPDATE background_jobs
    SET finished_at = statement_timestamp(), updated_at = statement_timestamp(), error = NULL
    WHERE id = %(done)s::uuid AND attempts = %(done_attempts)s::int AND claimed_by = %(cluster)s::uuid
        AND worker_pid = %(pid)s::int AND finished_at IS NULL
    RETURNING id
), candidate AS MATERIALIZED (
    SELECT first.id, first.lock_keys, first.job_class,
        COALESCE(cardinality(first.lock_keys), 0) = 0 AND NOT EXISTS (
            SELECT FROM background_job_pauses AS pause
            WHERE pause.kind = 'job_class' AND pause.name = first.job_class
        ) AS is_free
    FROM (
        SELECT id, lock_keys, job_class FROM background_jobs
        WHERE performed_at IS NULL AND finished_at IS NULL AND held IS NULL
            AND run_after <= statement_timestamp()
            AND queue_name = %(queue_name)s::text AND priority = %(priority)s::int
            AND run_after >= %(since)s::timestamptz
        ORDER BY run_after, id LIMIT 1
        FOR UPDATE SKIP LOCKED
    ) AS first
), claimed AS (
    UPDATE background_jobs AS job
    SET performed_at = statement_timestamp(), updated_at = statement_timestamp(),
        attempts = attempts + 1, claimed_by = %(cluster)s::uuid, worker_pid = %(pid)s::int
    FROM candidate
    WHERE job.id = candidate.id AND candidate.is_free
    RETURNING job.id, job.job_class, job.arguments, job.context, job.options, job.queue_name, job.priority,
        job.run_after, job.enqueued_at, job.updated_at, job.attempts, job.attempts_before_retry, job.crashes,
        job.lock_keys, job.held, job.unique_key, job.batch_id, job.cron_key, job.cron_at,
        job.cancel_requested_at, job.claimed_by, job.worker_pid, job.performed_at, job.finished_at, job.error,
        job.announced, job.labels, job.parent_id
)
SELECT EXISTS (SELECT FROM finished), candidate.id, candidate.job_class, candidate.lock_keys, claimed.*
FROM (SELECT) AS one LEFT JOIN candidate ON true LEFT JOIN claimed ON true

-- name: from_lanes
-- Claims from the lanes that the worker knows, each from where it began then: it does not walk, for each job,
-- over the dead index entries of what was claimed before.
WITH finished AS (
    UPDATE background_jobs
    SET finished_at = statement_timestamp(), updated_at = statement_timestamp(), error = NULL
    WHERE id = %(done)s::uuid AND attempts = %(done_attempts)s::int AND claimed_by = %(cluster)s::uuid
        AND worker_pid = %(pid)s::int AND finished_at IS NULL
    RETURNING id
), open_lane AS (
    SELECT lane.queue_name, lane.priority, head.run_after FROM unnest(
        %(queue_names)s::text[], %(priorities)s::int[], %(sinces)s::text[]::timestamptz[]
    ) AS lane (queue_name, priority, since) CROSS JOIN LATERAL (
        SELECT run_after, id,
            (run_after < statement_timestamp() - %(starved_after)s::interval) IS TRUE AS is_starved
        FROM background_jobs
        WHERE performed_at IS NULL AND finished_at IS NULL AND held IS NULL
            AND run_after <= statement_timestamp()
            AND queue_name = lane.queue_name AND priority = lane.priority AND run_after >= lane.since
        ORDER BY run_after, id LIMIT 1
    ) AS head
    ORDER BY head.is_starved DESC, CASE WHEN NOT head.is_starved THEN lane.priority END,
        head.run_after, head.id
), candidate AS MATERIALIZED (
    SELECT first.id, first.lock_keys, first.job_class,
        COALESCE(cardinality(first.lock_keys), 0) = 0 AND NOT EXISTS (
            SELECT FROM background_job_pauses AS pause
            WHERE pause.kind = 'job_class' AND pause.name = first.job_class
        ) AS is_free
    FROM (
        SELECT first.* FROM open_lane CROSS JOIN LATERAL (
            SELECT id, lock_keys, job_class FROM background_jobs
            WHERE performed_at IS NULL AND finished_at IS NULL AND held IS NULL
                AND run_after <= statement_timestamp()
                AND queue_name = open_lane.queue_name AND priority = open_lane.priority
                AND run_after >= open_lane.run_after
            ORDER BY run_after, id LIMIT 1
            FOR UPDATE SKIP LOCKED
        ) AS first LIMIT 1
    ) AS first
), claimed AS (
    UPDATE background_jobs AS job
    SET performed_at = statement_timestamp(), updated_at = statement_timestamp(),
        attempts = attempts + 1, claimed_by = %(cluster)s::uuid, worker_pid = %(pid)s::int
    FROM candidate
    WHERE job.id = candidate.id AND candidate.is_free
    RETURNING job.id, job.job_class, job.arguments, job.context, job.options, job.queue_name, job.priority,
        job.run_after, job.enqueued_at, job.updated_at, job.attempts, job.attempts_before_retry, job.crashes,
        job.lock_keys, job.held, job.unique_key, job.batch_id, job.cron_key, job.cron_at,
        job.cancel_requested_at, job.claimed_by, job.worker_pid, job.performed_at, job.finished_at, job.error,
        job.announced, job.labels, job.parent_id
)
SELECT EXISTS (SELECT FROM finished), candidate.id, candidate.job_class, candidate.lock_keys, claimed.*
FROM (SELECT) AS one LEFT JOIN candidate ON true LEFT JOIN claimed ON true

-- name: of_one_class
-- Claims a job of one class, for tests; it is from_any_lane with one condition more.
WITH RECURSIVE finished AS (
    UPDATE background_jobs
    SET finished_at = statement_timestamp(), updated_at = statement_timestamp(), error = NULL
    WHERE id = %(done)s::uuid AND attempts = %(done_attempts)s::int AND claimed_by = %(cluster)s::uuid
        AND worker_pid = %(pid)s::int AND finished_at IS NULL
    RETURNING id
), lane AS (
    (SELECT queue_name, priority FROM background_jobs
        WHERE performed_at IS NULL AND finished_at IS NULL AND held IS NULL
        ORDER BY queue_name, priority LIMIT 1)
    UNION ALL
    SELECT following.queue_name, following.priority FROM lane CROSS JOIN LATERAL (
        SELECT queue_name, priority FROM background_jobs
        WHERE performed_at IS NULL AND finished_at IS NULL AND held IS NULL
            AND (queue_name, priority) > (lane.queue_name, lane.priority)
        ORDER BY queue_name, priority LIMIT 1
    ) AS following
), open_lane AS (
    SELECT lane.queue_name, lane.priority, head.run_after FROM lane CROSS JOIN LATERAL (
        SELECT run_after, id,
            (run_after < statement_timestamp() - %(starved_after)s::interval) IS TRUE AS is_starved
        FROM background_jobs
        WHERE performed_at IS NULL AND finished_at IS NULL AND held IS NULL
            AND run_after <= statement_timestamp()
            AND queue_name = lane.queue_name AND priority = lane.priority
            AND job_class = %(job_class)s::text
        ORDER BY run_after, id LIMIT 1
    ) AS head
    WHERE COALESCE(lane.queue_name = %(queue)s::text, true)
        AND lane.queue_name <> ALL (%(closed)s::text[])
        AND lane.queue_name <> ALL (ARRAY(SELECT name FROM background_job_pauses WHERE kind = 'queue'))
        AND COALESCE(lane.priority >= %(min_priority)s::int, true)
        AND COALESCE(lane.priority <= %(max_priority)s::int, true)
    ORDER BY head.is_starved DESC, CASE WHEN NOT head.is_starved THEN lane.priority END,
        head.run_after, head.id
), candidate AS MATERIALIZED (
    SELECT first.id, first.lock_keys, first.job_class,
        COALESCE(cardinality(first.lock_keys), 0) = 0 AND NOT EXISTS (
            SELECT FROM background_job_pauses AS pause
            WHERE pause.kind = 'job_class' AND pause.name = first.job_class
        ) AS is_free
    FROM (
        SELECT first.* FROM open_lane CROSS JOIN LATERAL (
            SELECT id, lock_keys, job_class FROM background_jobs
            WHERE performed_at IS NULL AND finished_at IS NULL AND held IS NULL
                AND run_after <= statement_timestamp()
                AND queue_name = open_lane.queue_name AND priority = open_lane.priority
                AND run_after >= open_lane.run_after
                AND job_class = %(job_class)s::text
            ORDER BY run_after, id LIMIT 1
            FOR UPDATE SKIP LOCKED
        ) AS first LIMIT 1
    ) AS first
), claimed AS (
    UPDATE background_jobs AS job
    SET performed_at = statement_timestamp(), updated_at = statement_timestamp(),
        attempts = attempts + 1, claimed_by = %(cluster)s::uuid, worker_pid = %(pid)s::int
    FROM candidate
    WHERE job.id = candidate.id AND candidate.is_free
    RETURNING job.id, job.job_class, job.arguments, job.context, job.options, job.queue_name, job.priority,
        job.run_after, job.enqueued_at, job.updated_at, job.attempts, job.attempts_before_retry, job.crashes,
        job.lock_keys, job.held, job.unique_key, job.batch_id, job.cron_key, job.cron_at,
        job.cancel_requested_at, job.claimed_by, job.worker_pid, job.performed_at, job.finished_at, job.error,
        job.announced, job.labels, job.parent_id
)
SELECT EXISTS (SELECT FROM finished), candidate.id, candidate.job_class, candidate.lock_keys, claimed.*
FROM (SELECT) AS one LEFT JOIN candidate ON true LEFT JOIN claimed ON true
