-- Waiting for work, and telling those who wait that there is some.

-- name: notify
-- Tells all waiting clusters, when the transaction commits, that there is work.
SELECT pg_notify('background_jobs', '')

-- name: listen
-- Has the connection hear of work.
LISTEN background_jobs

-- name: unlisten
-- Has it hear no longer.
UNLISTEN background_jobs

-- name: sleep
-- Says whether a cluster sleeps: others notify only when one does.
INSERT INTO background_job_sleepers (cluster_id, is_asleep) VALUES (%(id)s::uuid, %(asleep)s::bool)
ON CONFLICT (cluster_id) DO UPDATE SET is_asleep = EXCLUDED.is_asleep
