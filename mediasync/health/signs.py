"""How many there are of what the checks look at, and when it last changed: one statement, read with every poll.

It is raw SQL since Django would take ten times as long to put it together as the database to answer it.
"""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.contrib.auth import get_user_model
from django.db import connection

from jobs.clock import stored

Sign = tuple[str, int, Any]
OPEN = "state IN ('ready', 'leased', 'failed')"  # the words of the jobs' partial indexes
OF_LIBRARIES = "JOIN scanner_library l ON l.id = x.library_id WHERE l.removed_at IS NULL"
INSIDES = "scanner_mediainfo i JOIN scanner_mediafile x ON x.id = i.file_id"
# A name, the column that says when it last changed, and where the rows are.
SIGNS = (
    ("drains", "max(started_at)", "jobs_drain WHERE beat_at > %s"),
    ("schedules", "max(last_run_at)", "jobs_schedule WHERE enabled"),
    ("trouble", "max(last_run_at)", "jobs_schedule WHERE last_error <> ''"),
    ("pools", "max(paused_at)", "jobs_pool WHERE paused_at IS NOT NULL"),
    ("failed", "max(created_at)", f"jobs_job WHERE {OPEN} AND state = 'failed'"),
    ("leased", "max(leased_at)", f"jobs_job WHERE {OPEN} AND state = 'leased'"),
    ("scans", "max(ended_at)", "scanner_scan WHERE state <> 'open'"),
    ("libraries", "max(created_at)", "scanner_library WHERE removed_at IS NULL"),
    ("problems", "max(created_at)", "scanner_library WHERE removed_at IS NULL AND problem <> ''"),
    ("results", "max(measured_at)", "health_result"),
    ("states", "max(since)", "health_result WHERE state <> 'ok'"),
    ("hidden", "max(since)", "health_result WHERE hidden_as <> ''"),
    ("unmatched", "NULL", f"scanner_match x {OF_LIBRARIES} AND x.state = 'unmatched'"),
    ("broken", "NULL", f"scanner_mediafile x {OF_LIBRARIES} AND NOT (x.state = 'indexed') AND x.state = 'error'"),
    ("damaged", "max(i.looked_at)", f"{INSIDES} {OF_LIBRARIES} AND NOT (i.problem = '') AND x.state <> 'missing'"),
    ("key", "NULL", "scanner_household WHERE tmdb_api_key <> ''"),
    ("notices", "NULL", "notify_notifier WHERE enabled AND last_error <> ''"),
    ("accounts", "NULL", "{people} WHERE is_active"),
    ("staff", "NULL", "{people} WHERE is_active AND is_staff"),
)
SQL = " UNION ALL ".join(f"SELECT '{name}', count(*), {latest} FROM {rows}" for name, latest, rows in SIGNS)


def read(alive_since: dt.datetime) -> list[Sign]:
    """Return (name, how many, when it last changed as this database says it); workers count that beat since then."""
    people = connection.ops.quote_name(get_user_model()._meta.db_table)
    with connection.cursor() as cursor:
        cursor.execute(SQL.replace("{people}", people), [stored(alive_since)])
        return [tuple(row) for row in cursor.fetchall()]
