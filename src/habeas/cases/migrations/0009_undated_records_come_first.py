"""What has no day stands in front of what has one, in every database: PostgreSQL put it behind.

Changes nothing in the database; old code may run beside it.
"""

from django.db import migrations
from django.db.models import F, OrderBy

_DAYS = {
    "communication": "sent_on",
    "conditioninterval": "from_earliest",
    "intervention": "on",
    "qualification": "decided_on",
}


class Migration(migrations.Migration):

    dependencies = [("cases", "0008_search_knows_the_case")]

    operations = [
        migrations.AlterModelOptions(kind, {"ordering": ["case", OrderBy(F(day), nulls_first=True), "id"]})
        for kind, day in _DAYS.items()
    ]
