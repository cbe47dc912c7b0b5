"""What of a run must not come back with its database: leases, live drains, tickets, grants, signed-in browsers."""

from __future__ import annotations

from pathlib import Path

from mediasync.backups import checking

# Raw, since it is done to a file that no connection of Django's is open to. A sign-in that was ended after the
# backup must not be valid again, so everybody signs in anew.
STATEMENTS = (
    """
    UPDATE jobs_job SET state = 'ready', leased_by = '', leased_until = NULL, leased_at = NULL,
        attempts = MAX(attempts - 1, 0) WHERE state = 'leased'
    """,
    "DELETE FROM jobs_drain",
    "DELETE FROM outbound_grant",
    "UPDATE outbound_source SET urgent_until = 0, probe_by = '', probe_until = NULL",
    "DELETE FROM django_q_ormq",
    "DELETE FROM django_session",
)


def void(path: Path) -> None:
    """Clear what belonged to the run that was backed up."""
    with checking.opened(path) as connection:
        connection.execute("BEGIN IMMEDIATE")
        for statement in STATEMENTS:
            connection.execute(statement)
        connection.execute("COMMIT")
