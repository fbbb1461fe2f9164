# Before the code: a version that does not know these fields adds updates that are mailed, as it always did.

import django.db.models.deletion
import habeas.lib.ids
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('campaigns', '0005_portrait'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddField(
            model_name='update',
            name='corrected_on',
            field=models.DateField(blank=True, editable=False, null=True),
        ),
        migrations.AddField(
            model_name='update',
            name='is_mailed',
            field=models.BooleanField(db_default=True, default=True, help_text='Whether it goes to those who asked for news as well.'),
        ),
        migrations.AddField(
            model_name='update',
            name='taken_back_on',
            field=models.DateField(blank=True, editable=False, null=True),
        ),
        migrations.CreateModel(
            name='PlannedMove',
            fields=[
                ('id', models.UUIDField(default=habeas.lib.ids.uuid7, editable=False, primary_key=True, serialize=False)),
                ('verb', models.CharField(choices=[('publish', 'Open'), ('pause', 'Stop taking signatures')], max_length=10)),
                ('at', models.DateTimeField()),
                ('made_at', models.DateTimeField(blank=True, null=True)),
                ('refused', models.TextField(blank=True, default='')),
                ('by', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, to=settings.AUTH_USER_MODEL)),
                ('campaign', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='planned', to='campaigns.campaign')),
            ],
            options={
                'ordering': ['at'],
                'constraints': [models.UniqueConstraint(fields=('campaign', 'verb'), name='one_plan_a_campaign_and_verb')],
            },
        ),
    ]
