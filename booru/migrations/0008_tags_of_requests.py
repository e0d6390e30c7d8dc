from django.db import migrations

# A mass update that gave `char:q` was kept as one about a tag of that name; it is about q. The other name stays:
# on the left of the arrow it may be an old tag's own.
ADD_PLAIN_NAMES = r"""
    UPDATE bulk_update_requests SET tags = ARRAY(
        SELECT DISTINCT name COLLATE "C" FROM (
            SELECT unnest(tags) AS name
            UNION
            SELECT substring(tag FROM position(':' IN tag) + 1) FROM unnest(tags) AS tag
            WHERE tag ~ '^(general|gen|artist|art|copyright|copy|co|character|char|ch|meta):.'
        ) AS names ORDER BY 1
    )
    WHERE array_to_string(tags, ' ') ~ '(^| )(general|gen|artist|art|copyright|copy|co|character|char|ch|meta):.'
"""


class Migration(migrations.Migration):
    dependencies = [("booru", "0007_look_alike_names_and_full_buckets")]

    operations = [migrations.RunSQL(ADD_PLAIN_NAMES, migrations.RunSQL.noop)]
