-- The database's clock, by which all times are.

-- name: now
-- What time it is.
SELECT statement_timestamp()

-- name: set_right
-- Counts the delays of jobs that were enqueued, or failed, in the future from now, so many at most. A delay
-- is counted from when it was asked for: a retry's from when the row was written last, any other from when
-- the job was enqueued. Those are whole seconds; a time that somebody named is not, and is kept.
WITH ahead AS MATERIALIZED (
    SELECT id, asked_at FROM (
        SELECT *, CASE
            WHEN attempts > 0 OR run_after = updated_at THEN updated_at
            WHEN date_trunc('second', run_after - enqueued_at) = run_after - enqueued_at THEN enqueued_at
        END AS asked_at
        FROM background_jobs
        WHERE performed_at IS NULL AND finished_at IS NULL AND run_after > statement_timestamp()
    ) AS job
    WHERE asked_at > statement_timestamp() + %(skew)s::interval
    LIMIT %(limit)s
)
UPDATE background_jobs AS job SET
    run_after = statement_timestamp() + greatest(job.run_after - ahead.asked_at, interval '0'),
    enqueued_at = least(job.enqueued_at, statement_timestamp()), updated_at = statement_timestamp()
FROM ahead
WHERE job.id = ahead.id AND job.performed_at IS NULL AND job.finished_at IS NULL
    AND job.run_after > statement_timestamp()
