from __future__ import annotations

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("integrations", "0007_plans_and_decisions")]

    operations = [
        migrations.AddField(
            model_name="answer",
            name="gone_at",
            field=models.DateTimeField(blank=True, editable=False, null=True, verbose_name="gone from the books at"),
        ),
        migrations.AlterField(
            model_name="valuemap",
            name="kind",
            field=models.CharField(max_length=40, verbose_name="kind"),
        ),
    ]
