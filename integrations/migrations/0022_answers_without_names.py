"""What was chosen stands as the id alone: which list it is of, its question or kind says."""

from __future__ import annotations

from typing import Any

from django.db import migrations


def take_names_off(apps: Any, schema_editor: Any) -> None:
    """`branch=1`, given as the answer to `branch`, becomes `1`. Whatever else has such a sign stays."""
    for model, named_by, chosen in (("Answer", "question", "value"), ("ValueMap", "kind", "theirs")):
        rows = apps.get_model("integrations", model).objects.filter(**{f"{chosen}__contains": "="})
        for row in rows.iterator():
            said, name = getattr(row, chosen), f"{getattr(row, named_by)}="
            if said.startswith(name):
                setattr(row, chosen, said.removeprefix(name))
                row.save(update_fields=[chosen])


class Migration(migrations.Migration):
    dependencies = [("integrations", "0021_only_needed_customers")]

    operations = [migrations.RunPython(take_names_off, migrations.RunPython.noop)]
