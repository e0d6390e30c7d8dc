import django.db.models.deletion
import django.db.models.functions.datetime
import django.db.models.functions.text
from django.conf import settings
from django.db import migrations, models

STATUSES = [
    ('not_delivered', 'Not Delivered'),
    ('failed', 'Failed'),
    ('sent', 'Sent'),
    ('deferred', 'Deferred'),
    ('delivered', 'Delivered'),
    ('rejected', 'Rejected'),
    ('soft_bounced', 'Soft Bounced'),
    ('bounced', 'Bounced'),
    ('unsubscribed', 'Unsubscribed'),
    ('complained', 'Complained'),
]


class Migration(migrations.Migration):

    dependencies = [
        ('mailers', '0001_initial'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddField(
            model_name='sentmail',
            name='provider_message_id',
            field=models.TextField(blank=True, db_default=''),
        ),
        migrations.AddField(
            model_name='sentmail',
            name='sent_at',
            field=models.DateTimeField(null=True),
        ),
        # Before the index on created_at, which would be written twice.
        migrations.RunSQL(
            "UPDATE sent_mails SET sent_at = updated_at WHERE status = 'sent'", migrations.RunSQL.noop
        ),
        migrations.AlterField(
            model_name='sentmail',
            name='status',
            field=models.TextField(choices=STATUSES),
        ),
        migrations.AlterField(
            model_name='sentmail',
            name='created_at',
            field=models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), db_index=True),
        ),
        migrations.AlterField(
            model_name='sentmail',
            name='request_id',
            field=models.TextField(blank=True),
        ),
        migrations.AlterField(
            model_name='sentmail',
            name='user',
            field=models.ForeignKey(db_constraint=False, db_index=False, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='sent_mails', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddIndex(
            model_name='sentmail',
            index=models.Index(fields=['user', '-id'], name='sent_mails_user'),
        ),
        migrations.AddIndex(
            model_name='sentmail',
            index=models.Index(fields=['mail', '-id'], name='sent_mails_mail'),
        ),
        migrations.AddIndex(
            model_name='sentmail',
            index=models.Index(fields=['status', '-id'], name='sent_mails_status'),
        ),
        migrations.AddIndex(
            model_name='sentmail',
            index=models.Index(django.db.models.functions.text.Lower('recipient'), name='sent_mails_recipient'),
        ),
        migrations.AddIndex(
            model_name='sentmail',
            index=models.Index(condition=models.Q(('request_id', ''), _negated=True), fields=['request_id'], name='sent_mails_request'),
        ),
        migrations.AddIndex(
            model_name='sentmail',
            index=models.Index(condition=models.Q(('provider_message_id', ''), _negated=True), fields=['provider_message_id'], name='sent_mails_provider'),
        ),
        migrations.CreateModel(
            name='SentMailEvent',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('status', models.TextField(choices=STATUSES)),
                ('reason', models.TextField(blank=True)),
                ('occurred_at', models.DateTimeField()),
                ('created_at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
                ('sent_mail', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='events', to='mailers.sentmail')),
            ],
            options={
                'db_table': 'sent_mail_events',
                'ordering': ['occurred_at', 'id'],
                'constraints': [models.UniqueConstraint(fields=('sent_mail', 'status'), name='unique_sent_mail_event')],
            },
        ),
    ]
