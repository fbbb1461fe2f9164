# Before the code: versions that do not know these fields keep adding campaigns, told live.

import django.core.validators
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('campaigns', '0001_campaigns_pages_and_updates'),
        ('cases', '0001_the_registry'),
    ]

    operations = [
        migrations.AddField(
            model_name='campaign',
            name='count_every',
            field=models.CharField(choices=[('live', 'At once: it rises with every person'), ('hour', 'Once an hour'), ('day', 'Once a day, at midnight UTC')], db_default='live', default='live', help_text='Where signing is dangerous, choose the day: somebody who watches the line and sees the number rise at once knows who signed.', max_length=4, verbose_name='let it change'),
        ),
        migrations.AddField(
            model_name='campaign',
            name='count_from',
            field=models.PositiveIntegerField(db_default=0, default=0, help_text='Until so many people have confirmed, the page shows no number and says: Be among the first to sign. 0: the number is always shown.', verbose_name='show the number from'),
        ),
        migrations.AddField(
            model_name='campaign',
            name='count_step',
            field=models.PositiveIntegerField(db_default=1, default=1, help_text='With 100 the page says “More than 300 people have signed” until more than 400 have. 1: the number itself.', validators=[django.core.validators.MinValueValidator(1)], verbose_name='in steps of'),
        ),
        migrations.AddConstraint(
            model_name='campaign',
            constraint=models.CheckConstraint(condition=models.Q(('count_step', 1), ('count_every__in', ['hour', 'day']), _connector='OR'), name='steps_are_told_by_the_hour_or_the_day', violation_error_message='In steps, the number may change once an hour or once a day, not at once: the moment in which a step is reached would tell who signed then.'),
        ),
        migrations.AddConstraint(
            model_name='campaign',
            constraint=models.CheckConstraint(condition=models.Q(('count_step__gte', 1)), name='steps_are_of_one_or_more'),
        ),
    ]
