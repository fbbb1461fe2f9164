"""A table for findings that were given to somebody. Pre: old code runs on it as well."""

import django.db.models.deletion
import django.utils.timezone
import habeas.lib.ids
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('cases', '0006_events_as_counted'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='Assignment',
            fields=[
                ('id', models.UUIDField(default=habeas.lib.ids.uuid7, editable=False, primary_key=True, serialize=False)),
                ('access', models.PositiveSmallIntegerField(choices=[(0, 'Public'), (1, 'Partners'), (2, 'Staff'), (3, 'Case team'), (4, 'Sealed to named people')], default=3)),
                ('created_at', models.DateTimeField(default=django.utils.timezone.now, editable=False)),
                ('withdrawn_at', models.DateTimeField(blank=True, editable=False, null=True)),
                ('withdrawn_reason', models.TextField(blank=True, editable=False)),
                ('version', models.PositiveIntegerField(default=1, editable=False)),
                ('replaced_at', models.DateTimeField(blank=True, editable=False, null=True)),
                ('kind', models.CharField(choices=[('gap', 'missing step'), ('contradiction', 'contradiction'), ('order', 'out of order')], max_length=20, verbose_name='what it is')),
                ('due_on', models.DateField(blank=True, null=True, verbose_name='by')),
                ('note', models.TextField(blank=True)),
                ('is_done', models.BooleanField(default=False, verbose_name='done')),
                ('against', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.CASCADE, related_name='+', to='cases.event')),
                ('case', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='assignments', to='cases.case')),
                ('created_by', models.ForeignKey(blank=True, editable=False, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('event', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='cases.event')),
                ('holder', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='given to')),
                ('version_of', models.ForeignKey(blank=True, editable=False, null=True, on_delete=django.db.models.deletion.CASCADE, related_name='+', to='cases.assignment')),
            ],
            options={
                'verbose_name': 'task',
                'ordering': ['case', 'created_at'],
                'indexes': [models.Index(condition=models.Q(('version_of__isnull', True)), fields=['holder'], name='tasks_by_holder')],
                'constraints': [models.UniqueConstraint(condition=models.Q(('version_of__isnull', True), ('against__isnull', False)), fields=('event', 'kind', 'against'), name='a_task_once_against', violation_error_message='This task is given to somebody already.'), models.UniqueConstraint(condition=models.Q(('version_of__isnull', True), ('against__isnull', True)), fields=('event', 'kind'), name='a_task_once', violation_error_message='This task is given to somebody already.')],
            },
        ),
    ]
