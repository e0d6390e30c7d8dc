-- Giving back the jobs of workers that are gone.

-- name: release
-- Gives back the running jobs of these clusters, and of unknown ones if asked; none of the workers that are
-- alive, and only of one pid, or one id, if there is one. `crash`: it may be the job's fault, unless the job
-- came farther than at the death before. The job is discarded when it has lost `most` workers.
WITH lost AS MATERIALIZED (
    SELECT id, performed_at AS started, claimed_by AS cluster, worker_pid AS pid,
        (%(crash)s::bool AND NOT EXISTS (
            SELECT FROM background_job_progress AS progress
            WHERE progress.job_id = job.id AND progress.updated_at >= job.performed_at
                AND progress.done > COALESCE(progress.done_at_death, -1)
        ))::int AS crash
    FROM background_jobs AS job
    WHERE performed_at IS NOT NULL AND finished_at IS NULL
        AND (claimed_by = ANY (%(clusters)s::uuid[]) OR (%(or_unknown)s::bool AND NOT EXISTS (
            SELECT FROM background_job_clusters AS known WHERE known.id = job.claimed_by
        )))
        AND worker_pid <> ALL (%(alive)s::int[])
        AND (%(pid)s::int IS NULL OR worker_pid = %(pid)s::int)
        AND (%(id)s::uuid IS NULL OR id = %(id)s::uuid)
    FOR UPDATE SKIP LOCKED
), come_so_far AS (
    UPDATE background_job_progress SET done_at_death = greatest(done, done_at_death)
    FROM lost WHERE job_id = lost.id AND %(crash)s::bool
), released AS (
    UPDATE background_jobs AS job SET
        crashes = crashes + crash,
        attempts_before_retry = attempts_before_retry + 1 - crash,
        performed_at = CASE WHEN crashes + crash >= %(most)s::int THEN performed_at END,
        finished_at = CASE WHEN crashes + crash >= %(most)s::int THEN statement_timestamp() END,
        announced = %(announced)s::bool,
        error = %(error)s::text,
        claimed_by = NULL, worker_pid = NULL, updated_at = statement_timestamp()
    FROM lost WHERE job.id = lost.id
    RETURNING job.id, job.attempts, job.finished_at, lost.started, lost.cluster, lost.pid
), recorded AS (
    INSERT INTO background_job_attempts
        (job_id, number, error_class, message, backtrace, started_at, duration, worker)
    SELECT id, attempts, split_part(%(error)s::text, ': ', 1),
        substr(%(error)s::text, strpos(%(error)s::text, ': ') + 2), '', started,
        statement_timestamp() - started, concat(cluster, ':', pid)
    FROM released
)
SELECT count(*) FILTER (WHERE finished_at IS NULL), count(*) FILTER (WHERE finished_at IS NOT NULL)
FROM released
