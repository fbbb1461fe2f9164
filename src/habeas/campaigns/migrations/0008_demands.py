# Before the code: a version that does not know this table leaves it as it is.

import habeas.campaigns.models.demand
import habeas.lib.ids
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('campaigns', '0007_source_text'),
    ]

    operations = [
        migrations.CreateModel(
            name='Demand',
            fields=[
                ('id', models.UUIDField(default=habeas.lib.ids.uuid7, editable=False, primary_key=True, serialize=False)),
                ('name', models.CharField(error_messages={'unique': 'A demand has this name already.'}, help_text='For staff; readers never see it.', max_length=80, unique=True)),
                ('words', models.JSONField(encoder=habeas.campaigns.models.demand.AsWritten)),
                ('suits', models.CharField(blank=True, help_text='What helps to find it: arbitrary detention, a death sentence.', max_length=80, verbose_name='for cases of')),
            ],
            options={
                'ordering': ['name'],
            },
        ),
    ]
