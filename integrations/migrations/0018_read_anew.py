import django.core.validators
from django.db import migrations, models
from django.db.models import F


def count_from_here_on(apps, schema_editor):
    """Else every connection that is connected already would read everything in the first night."""
    settings = apps.get_model("integrations", "StreamSetting").objects.filter(watermark__isnull=False)
    settings.update(last_full_at=F("last_success_at"))


class Migration(migrations.Migration):

    dependencies = [
        ("integrations", "0017_set_up_and_invitations"),
    ]

    operations = [
        migrations.AddField(
            model_name="connectionsettings",
            name="full_read_days",
            field=models.PositiveSmallIntegerField(
                default=7,
                help_text="Everything is read again at night, so that what the books have lost is noticed. 0: never.",
                validators=[django.core.validators.MaxValueValidator(90)],
                verbose_name="days between reads of everything",
            ),
        ),
        migrations.AddField(
            model_name="streamsetting",
            name="last_full_at",
            field=models.DateTimeField(blank=True, null=True, verbose_name="last read of everything"),
        ),
        migrations.RunPython(count_from_here_on, migrations.RunPython.noop),
    ]
