"""Search takes a range of words, from "mkhai" to "mkhaizzz": it needs them in the order of their letters.

SQLite compares bytes. PostgreSQL compares as the language of the database does, and Estonian has z before t,
Czech ch after h. Pre: old code runs on it as well.
"""

from django.db import migrations


def sort_as_written(apps, editor):
    if editor.connection.vendor == "postgresql":
        editor.execute('ALTER TABLE cases_searchword ALTER COLUMN word TYPE varchar(41) COLLATE "C"')


class Migration(migrations.Migration):

    dependencies = [("cases", "0004_researchers")]

    operations = [migrations.RunPython(sort_as_written, migrations.RunPython.noop)]
