"""Titles known already get the kinds of pictures that came with this version.

Logos, posters of seasons and stills are in their descriptions. Landscapes and pictures of collections are not: the
next refresh of each, at its own date, must not be answered with "nothing was modified".
"""

from django.db import migrations, models


def ask_in_full(apps, schema_editor):
    """Forget what TMDB would compare with."""
    apps.get_model("scanner", "Title").objects.filter(described_by="tmdb").exclude(etag="").update(etag="")


class Migration(migrations.Migration):
    dependencies = [("scanner", "0007_watch_and_folders")]

    operations = [
        migrations.AddField(
            model_name="title",
            name="pictured",
            field=models.PositiveSmallIntegerField(
                default=0, editable=False, help_text="Which kinds of pictures were looked for: those of this edition."
            ),
        ),
        migrations.RemoveIndex(model_name="title", name="title_no_poster"),
        migrations.AddIndex(
            model_name="title",
            index=models.Index(
                fields=["id"],
                condition=models.Q(("described_by", "tmdb"), ("pictured__lt", 1), ("state", "indexed")),
                name="title_not_pictured",
            ),
        ),
        migrations.RunPython(ask_in_full, migrations.RunPython.noop),
    ]
