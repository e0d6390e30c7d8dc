-- What people and programs are told; quick, however many jobs there are.

-- name: in_the_way
-- The job with one of these lock keys that goes first: what runs, or what was enqueued earliest.
SELECT id FROM background_jobs AS earlier
WHERE earlier.lock_keys && %(keys)s::text[]
    AND earlier.finished_at IS NULL AND earlier.id <> %(id)s::uuid
    AND (earlier.performed_at IS NOT NULL
        OR ((earlier.enqueued_at, earlier.id) < (%(enqueued_at)s::timestamptz, %(id)s::uuid)
            AND (earlier.attempts > 0 OR earlier.run_after <= statement_timestamp())))
ORDER BY performed_at IS NULL, enqueued_at, id LIMIT 1

-- name: jobs_before
-- Counts the jobs that workers take before this one. Of each lane only the first jobs are read.
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
), open AS (
    SELECT queue_name, priority,
        CASE WHEN priority < %(priority)s::int THEN statement_timestamp() ELSE %(run_after)s::timestamptz
        END AS until,
        CASE WHEN priority < %(priority)s::int THEN %(last_id)s::uuid ELSE %(id)s::uuid END AS until_id
    FROM lane
    WHERE priority <= %(priority)s::int
        AND (%(queues)s::text[] IS NULL OR queue_name = ANY (%(queues)s::text[]))
        AND NOT EXISTS (
            SELECT FROM background_job_pauses WHERE kind = 'queue' AND name = lane.queue_name
        )
)
SELECT count(*) FROM (
    SELECT FROM open CROSS JOIN LATERAL (
        SELECT FROM background_jobs
        WHERE performed_at IS NULL AND finished_at IS NULL AND held IS NULL
            AND run_after <= statement_timestamp()
            AND queue_name = open.queue_name AND priority = open.priority
            AND (run_after, id) < (open.until, open.until_id)
        ORDER BY run_after, id LIMIT %(limit)s
    ) AS earlier LIMIT %(limit)s
) AS counted

-- name: queue_sizes
-- How many jobs of each queue wait, are scheduled and run, and how long the first has waited. The order has
-- the planner use the index; else it may read the whole table, to find that there is nothing.
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
), size AS (
    SELECT lane.queue_name,
        (SELECT count(*) FROM (
            SELECT FROM background_jobs
            WHERE performed_at IS NULL AND finished_at IS NULL AND held IS NULL
                AND queue_name = lane.queue_name AND priority = lane.priority
                AND run_after <= statement_timestamp()
            ORDER BY run_after LIMIT %(limit)s
        ) AS counted) AS waiting,
        (SELECT count(*) FROM (
            SELECT FROM background_jobs
            WHERE performed_at IS NULL AND finished_at IS NULL AND held IS NULL
                AND queue_name = lane.queue_name AND priority = lane.priority
                AND run_after > statement_timestamp()
            ORDER BY run_after LIMIT %(limit)s
        ) AS counted) AS scheduled,
        0 AS running,
        (SELECT run_after FROM background_jobs
            WHERE performed_at IS NULL AND finished_at IS NULL AND held IS NULL
                AND queue_name = lane.queue_name AND priority = lane.priority
            ORDER BY run_after LIMIT 1) AS first
    FROM lane
    UNION ALL
    SELECT queue_name, count(*), 0, 0, NULL FROM (
        SELECT queue_name FROM background_jobs
        WHERE held IS NOT NULL AND finished_at IS NULL AND performed_at IS NULL
        ORDER BY held, id LIMIT %(held_limit)s
    ) AS held GROUP BY queue_name
    UNION ALL
    SELECT queue_name, 0, 0, count(*), NULL FROM background_jobs
    WHERE performed_at IS NOT NULL AND finished_at IS NULL GROUP BY queue_name
    UNION ALL
    SELECT name, 0, 0, 0, NULL FROM background_job_pauses WHERE kind = 'queue'
)
SELECT queue_name, least(sum(waiting), %(limit)s)::int, least(sum(scheduled), %(limit)s)::int,
    sum(running)::int, statement_timestamp() - min(first) FILTER (WHERE first <= statement_timestamp())
FROM size GROUP BY queue_name ORDER BY queue_name

-- name: job_classes
-- Every job class in the table: one look into the index for each, not a walk over all jobs.
WITH RECURSIVE classes AS (
    (SELECT job_class FROM background_jobs ORDER BY job_class LIMIT 1)
    UNION ALL
    SELECT (SELECT job_class FROM background_jobs WHERE job_class > classes.job_class
            ORDER BY job_class LIMIT 1)
    FROM classes WHERE classes.job_class IS NOT NULL
)
SELECT job_class FROM classes WHERE job_class IS NOT NULL
