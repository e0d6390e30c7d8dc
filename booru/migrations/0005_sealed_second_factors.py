"""Encrypts the secrets of second factors, which were kept as they are."""

import json

from django.db import migrations

import booru.models.sealed
from booru.sealing import seal, unseal

# As SQL: the model would read what is not sealed yet as if it were.
_WITH_ONE = """
    SELECT id, totp_secret, {codes} FROM users WHERE totp_secret <> '' OR {codes} <> '{empty}' FOR UPDATE
"""


def seal_all(apps, schema_editor):
    with schema_editor.connection.cursor() as cursor:
        cursor.execute(_WITH_ONE.format(codes="backup_codes", empty="{}"))
        for user_id, secret, codes in cursor.fetchall():
            sealed = [seal(json.dumps(value)) if value else "" for value in (secret, codes)]
            cursor.execute(
                "UPDATE users SET totp_secret = %s, sealed_backup_codes = %s WHERE id = %s", [*sealed, user_id]
            )


def unseal_all(apps, schema_editor):
    with schema_editor.connection.cursor() as cursor:
        cursor.execute(_WITH_ONE.format(codes="sealed_backup_codes", empty=""))
        for user_id, secret, codes in cursor.fetchall():
            plain = [json.loads(unseal(value)) if value else empty for value, empty in ((secret, ""), (codes, []))]
            cursor.execute(
                "UPDATE users SET totp_secret = %s, backup_codes = %s WHERE id = %s", [*plain, user_id]
            )


class Migration(migrations.Migration):
    dependencies = [("booru", "0004_accounts")]

    operations = [
        migrations.AlterField(
            model_name="user",
            name="totp_secret",
            field=booru.models.sealed.SealedTextField(blank=True, default=""),
        ),
        migrations.AddField(
            model_name="user",
            name="sealed_backup_codes",
            field=booru.models.sealed.SealedListField(blank=True, default=list),
        ),
        migrations.RunPython(seal_all, unseal_all, elidable=True),
        migrations.RemoveField(model_name="user", name="backup_codes"),
        migrations.RenameField(model_name="user", old_name="sealed_backup_codes", new_name="backup_codes"),
    ]
