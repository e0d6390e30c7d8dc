from django.db import migrations, models

# Whoever deletes jobs, their batches remember how they had ended.
REMEMBER = """
CREATE FUNCTION background_jobs_remember_in_batches() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    UPDATE background_job_batches AS batch SET
        gone_succeeded = batch.gone_succeeded + gone.succeeded,
        gone_failed = batch.gone_failed + gone.failed
    FROM (
        SELECT batch_id,
            count(*) FILTER (WHERE finished_at IS NOT NULL AND error IS NULL) AS succeeded,
            count(*) FILTER (WHERE finished_at IS NULL OR error IS NOT NULL) AS failed
        FROM deleted WHERE batch_id IS NOT NULL GROUP BY batch_id ORDER BY batch_id
    ) AS gone
    WHERE batch.id = gone.batch_id;
    RETURN NULL;
END $$;

CREATE TRIGGER background_jobs_delete_remembers
    AFTER DELETE ON background_jobs REFERENCING OLD TABLE AS deleted FOR EACH STATEMENT
    EXECUTE FUNCTION background_jobs_remember_in_batches();
"""
FORGET = """
DROP TRIGGER background_jobs_delete_remembers ON background_jobs;
DROP FUNCTION background_jobs_remember_in_batches();
"""


class Migration(migrations.Migration):

    dependencies = [
        ('jobs', '0005_jobprogress_done_at_death'),
    ]

    operations = [
        migrations.AddField(
            model_name='jobbatch',
            name='gone_failed',
            field=models.PositiveIntegerField(db_default=0, default=0),
        ),
        migrations.AddField(
            model_name='jobbatch',
            name='gone_succeeded',
            field=models.PositiveIntegerField(db_default=0, default=0),
        ),
        migrations.RunSQL(REMEMBER, FORGET),
    ]
