# Before the code: versions that do not know these fields keep adding campaigns, without them.

import django.db.models.deletion
import habeas.campaigns.milestones
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('campaigns', '0003_citations'),
    ]

    operations = [
        migrations.AddField(
            model_name='campaign',
            name='deadline_kind',
            field=models.CharField(choices=[('hearing', 'Hearing'), ('trial', 'Trial opens'), ('judgment', 'Judgment expected'), ('execution', 'Execution set'), ('deportation', 'Deportation set')], db_default='hearing', default='hearing', max_length=12, verbose_name='what happens on it'),
        ),
        migrations.AddField(
            model_name='campaign',
            name='deadline_on',
            field=models.DateField(blank=True, help_text='Of a hearing or an execution, if its day is set.', null=True, verbose_name='day that matters'),
        ),
        migrations.AddField(
            model_name='campaign',
            name='milestones',
            field=models.CharField(blank=True, db_default='', default='', help_text='Numbers to reach, like 100, 1000, 10000. The page names the next one beside the number, so it stays hidden as long as the number does.', max_length=200, validators=[habeas.campaigns.milestones.check_milestones]),
        ),
        migrations.AddField(
            model_name='campaignpage',
            name='share_text',
            field=models.CharField(blank=True, db_default='', default='', help_text='What people send to others with the link; empty: the title. Without the link.', max_length=280),
        ),
        migrations.AlterField(
            model_name='campaign',
            name='slug',
            field=models.SlugField(help_text='The address of its pages. If it changes, the old one leads to the new.', max_length=80, unique=True),
        ),
        migrations.CreateModel(
            name='OldAddress',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('slug', models.SlugField(max_length=80, unique=True)),
                ('campaign', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='old_addresses', to='campaigns.campaign')),
            ],
        ),
    ]
