from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('integrations', '0013_targets_may_go'),
    ]

    operations = [
        migrations.AddField(
            model_name='connectionsettings',
            name='keep_log_years',
            field=models.PositiveSmallIntegerField(choices=[(1, 'One year'), (2, 'Two years'), (7, 'Seven years'), (0, 'For ever')], default=2, help_text='Runs, attempts, solved inbox entries and the history of records. What was sent is kept for ever.', verbose_name='the log is kept'),
        ),
    ]
