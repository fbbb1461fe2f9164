"""Offices and their holders by language. Pre: old code adds authorities without them."""

import habeas.cases.models.authority
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('cases', '0009_undated_records_come_first'),
    ]

    operations = [
        migrations.AddField(
            model_name='authority',
            name='holders',
            field=models.JSONField(blank=True, db_default={}, default=dict, validators=[habeas.cases.models.authority.check_words], verbose_name='holder on pages'),
        ),
        migrations.AddField(
            model_name='authority',
            name='offices',
            field=models.JSONField(blank=True, db_default={}, default=dict, validators=[habeas.cases.models.authority.check_words], verbose_name='name on pages'),
        ),
    ]
