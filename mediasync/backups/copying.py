"""Rows from one database into another, whatever kind each is: through Django's fields, table by table."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from itertools import islice
from typing import Any

from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.models import CharField, Field, Model

ROWS = 500
TEXT_PER_ROW = 200  # bytes, for the progress

Models = Sequence[type[Model]]


def tables_of(apps: Any) -> list[type[Model]]:
    """Return the models, with those in between of many to many, whose tables make up the database."""
    found: dict[str, type[Model]] = {}
    for model in apps.get_models(include_auto_created=True):
        if model._meta.managed and not model._meta.proxy:
            found[model._meta.db_table] = model
    return list(found.values())


def copy(
    models: Models, source: BaseDatabaseWrapper, target: BaseDatabaseWrapper, told: Callable[[int], None]
) -> dict[str, int]:
    """Copy all rows of the models into empty tables; returns the rows by table.

    Belongs into one transaction of the target, at whose end foreign keys are looked at.
    """
    return {model._meta.db_table: _copy(model, source, target, told) for model in models}


def _copy(
    model: type[Model], source: BaseDatabaseWrapper, target: BaseDatabaseWrapper, told: Callable[[int], None]
) -> int:
    fields = [field for field in model._meta.local_concrete_fields if not field.generated]
    quoted = target.ops.quote_name
    columns = ", ".join(quoted(str(field.column)) for field in fields)
    marks = ", ".join(["%s"] * len(fields))
    statement = f"INSERT INTO {quoted(model._meta.db_table)} ({columns}) VALUES ({marks})"
    rows, copied = _rows(model, fields, source), 0
    with target.cursor() as cursor:
        while piece := list(islice(rows, ROWS)):
            cursor.executemany(statement, [_fitting(fields, row, target) for row in piece])
            copied += len(piece)
            told(len(piece) * TEXT_PER_ROW)
    return copied


def _rows(model: type[Model], fields: Sequence[Field[Any, Any]], source: BaseDatabaseWrapper) -> Iterator[Any]:
    query = model._base_manager.order_by("pk").values_list(*(field.attname for field in fields)).query
    return iter(query.get_compiler(connection=source).results_iter(chunked_fetch=True))


def _fitting(fields: Sequence[Field[Any, Any]], row: Sequence[Any], target: BaseDatabaseWrapper) -> list[Any]:
    """Return a row as the target takes it: SQLite minds neither lengths nor NUL in text, PostgreSQL does."""
    if target.vendor == "postgresql":
        row = [_shortened(field, value) for field, value in zip(fields, row, strict=True)]
    return [field.get_db_prep_save(value, connection=target) for field, value in zip(fields, row, strict=True)]


def _shortened(field: Field[Any, Any], value: Any) -> Any:
    if not isinstance(value, str):
        return value
    most = field.max_length if isinstance(field, CharField) else None
    return value.replace("\0", "")[:most]
