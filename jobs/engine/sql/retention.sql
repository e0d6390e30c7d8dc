-- Deleting old finished jobs. Each portion is a statement, and so a transaction, of its own: workers never
-- wait for it.

-- name: prune_jobs
-- Deletes jobs that finished longer ago, so many at most, with their attempts and progress. Those stay whose
-- error was not followed up yet, and those of a batch that has not finished.
WITH old AS MATERIALIZED (
    SELECT id FROM background_jobs
    WHERE finished_at < statement_timestamp() - %(older_than)s::interval AND (error IS NULL OR announced)
        AND (batch_id IS NULL OR NOT EXISTS (
            SELECT FROM background_job_batches AS batch
            WHERE batch.id = batch_id AND batch.finished_at IS NULL
        ))
    ORDER BY finished_at LIMIT %(limit)s
    FOR UPDATE SKIP LOCKED
), attempts AS (
    DELETE FROM background_job_attempts WHERE job_id IN (SELECT id FROM old)
), progress AS (
    DELETE FROM background_job_progress WHERE job_id IN (SELECT id FROM old)
)
DELETE FROM background_jobs WHERE id IN (SELECT id FROM old)

-- name: prune_batches
-- Deletes batches that finished longer ago and of which no job is left, so many at most.
DELETE FROM background_job_batches WHERE id IN (
    SELECT id FROM background_job_batches AS batch
    WHERE finished_at < statement_timestamp() - %(older_than)s::interval
        AND NOT EXISTS (SELECT FROM background_jobs WHERE batch_id = batch.id)
    LIMIT %(limit)s
    FOR UPDATE SKIP LOCKED
)
