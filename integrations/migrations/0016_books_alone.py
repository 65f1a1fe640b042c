from django.db import migrations, models


def keep_what_it_meant(apps, schema_editor):
    """Until now "the books" was what nobody had chosen, and the form saved it along with every other choice."""
    apps.get_model("integrations", "FieldOwner").objects.filter(owner="books").update(owner="default")


def and_back(apps, schema_editor):
    apps.get_model("integrations", "FieldOwner").objects.filter(owner="default").update(owner="books")


class Migration(migrations.Migration):

    dependencies = [
        ("integrations", "0015_field_owners"),
    ]

    operations = [
        migrations.AlterField(
            model_name="fieldowner",
            name="owner",
            field=models.CharField(
                choices=[
                    ("default", "The books, but it can be changed here too"),
                    ("books", "The books alone: read-only here"),
                    ("ours", "We do"),
                    ("newest", "Whoever changed it last"),
                    ("ask", "Ask me when both have changed it"),
                ],
                default="default",
                max_length=10,
                verbose_name="who decides",
            ),
        ),
        migrations.RunPython(keep_what_it_meant, and_back),
    ]
