-- How far a running job is.

-- name: save
-- Saves what the job says, and tells whether it is to stop, and whose it is.
WITH saved AS (
    INSERT INTO background_job_progress (job_id, done, total, text, updated_at)
    SELECT id, %(done)s::bigint, %(total)s::bigint, %(text)s::text, statement_timestamp()
    FROM background_jobs WHERE id = %(id)s::uuid
    ON CONFLICT (job_id) DO UPDATE SET
        done = EXCLUDED.done, total = EXCLUDED.total, text = EXCLUDED.text,
        updated_at = EXCLUDED.updated_at
)
SELECT cancel_requested_at IS NOT NULL, attempts, claimed_by FROM background_jobs WHERE id = %(id)s::uuid

-- name: look
-- Tells whether the job is to stop, and whose it is.
SELECT cancel_requested_at IS NOT NULL, attempts, claimed_by FROM background_jobs WHERE id = %(id)s::uuid
