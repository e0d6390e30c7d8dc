-- What the engine asks of its connections.

-- name: limit_lock_waits
-- Has no statement of this connection wait longer for a lock.
SELECT set_config('lock_timeout', %(limit)s::text, false)

-- name: commit_without_waiting
-- Has the commit of this transaction not wait for the disk. It is sent together with what it is about: behind
-- a pool the session may be another's next time.
SET LOCAL synchronous_commit = off

-- name: end_left_behind
-- Ends the backends that were left behind so many seconds ago and wait for a lock: they do not notice that
-- nobody listens. A number that another backend has by now is one that began after it was left.
SELECT pg_terminate_backend(activity.pid)
FROM pg_stat_activity AS activity
JOIN unnest(%(pids)s::int[], %(seconds)s::float[]) AS behind (pid, seconds) USING (pid)
WHERE usename = current_user AND datname = current_database() AND wait_event_type = 'Lock'
    AND backend_start < clock_timestamp() - behind.seconds * interval '1 second'
