"""Titles described before genres were rows get theirs."""

from django.db import migrations

ROWS = 500
LONGEST, MOST = 60, 30


def fill(apps, schema_editor):
    """Read the genres of all titles in slices and write them as rows."""
    title, genre, row = (apps.get_model("scanner", name) for name in ("Title", "Genre", "TitleGenre"))
    ids = dict(genre.objects.values_list("name", "pk"))
    after = 0
    while True:
        found = list(title.objects.filter(pk__gt=after).order_by("pk").values_list("pk", "genres")[:ROWS])
        if not found:
            return
        after = found[-1][0]
        named = [(pk, names_of(given)) for pk, given in found]
        for name in sorted({name for _pk, names in named for name in names} - ids.keys()):
            ids[name] = genre.objects.create(name=name).pk
        row.objects.bulk_create(
            (row(genre_id=ids[name], title_id=pk) for pk, names in named for name in names), ignore_conflicts=True
        )


def names_of(given):
    """Return the names in a list that came from outside."""
    words = (" ".join(word.split())[:LONGEST] for word in given if isinstance(word, str)) if given else ()
    return list(dict.fromkeys(filter(None, words)))[:MOST]


class Migration(migrations.Migration):
    dependencies = [("scanner", "0003_shelves_and_wishes")]

    operations = [migrations.RunPython(fill, migrations.RunPython.noop)]
