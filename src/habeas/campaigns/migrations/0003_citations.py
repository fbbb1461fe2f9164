# Before the code: adds a table.


import django.db.models.deletion
import django.utils.timezone
import habeas.lib.ids
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('campaigns', '0002_campaigns_hold_back_their_count'),
        ('cases', '0003_figures'),
    ]

    operations = [
        migrations.CreateModel(
            name='Citation',
            fields=[
                ('id', models.UUIDField(default=habeas.lib.ids.uuid7, editable=False, primary_key=True, serialize=False)),
                ('slug', models.SlugField(max_length=80)),
                ('since', models.DateTimeField(default=django.utils.timezone.now)),
                ('until', models.DateTimeField(blank=True, null=True)),
                ('page', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='citations', to='campaigns.campaignpage')),
                ('snapshot', models.ForeignKey(on_delete=django.db.models.deletion.RESTRICT, related_name='citations', to='cases.figuresnapshot')),
            ],
            options={
                'ordering': ['since'],
                'indexes': [models.Index(fields=['slug', 'until'], name='citations_by_figure')],
                'constraints': [models.UniqueConstraint(condition=models.Q(('until', None)), fields=('page', 'slug'), name='one_number_a_figure_and_page')],
            },
        ),
    ]
