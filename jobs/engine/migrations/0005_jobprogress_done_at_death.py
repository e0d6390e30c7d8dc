from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('jobs', '0004_client_request_ids'),
    ]

    operations = [
        migrations.AddField(
            model_name='jobprogress',
            name='done_at_death',
            field=models.BigIntegerField(null=True),
        ),
    ]
