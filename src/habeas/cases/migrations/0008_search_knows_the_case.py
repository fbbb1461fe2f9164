"""The case beside the words, so that a search for common words does not ask each record for its case.

Pre: old code writes entries without it, which are asked as before.
"""

from django.db import migrations, models

_KINDS = ("event", "source", "proceeding", "document", "qualification")


def note_cases(apps, editor):
    for kind in _KINDS:
        editor.execute(
            f"""
            UPDATE cases_searchentry SET (of_case, access) = (
                SELECT case_id, access FROM cases_{kind} WHERE cases_{kind}.id = cases_searchentry.record
            ) WHERE kind = '{kind}' AND record IN (
                SELECT id FROM cases_{kind} WHERE withdrawn_at IS NULL AND version_of_id IS NULL
            )
            """
        )


class Migration(migrations.Migration):

    dependencies = [("cases", "0007_tasks_given")]

    operations = [
        migrations.AddField("searchentry", "of_case", models.UUIDField(null=True)),
        migrations.AddField("searchentry", "access", models.PositiveSmallIntegerField(default=0)),
        migrations.RunPython(note_cases, migrations.RunPython.noop),
    ]
