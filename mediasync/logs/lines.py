"""One line of the log: JSON in plain ASCII, so that no text of others can tear it, colour it or turn it around."""

from __future__ import annotations

import json
import logging
import traceback
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from journal import tracing
from journal.redaction import redact

LEVELS = ("DEBUG", "INFO", "WARNING", "ERROR", "CRITICAL")
MOST_TEXT, MOST_TRACE = 16_000, 48_000  # characters


@dataclass(frozen=True, slots=True)
class Line:
    """What a line says; what was not JSON is a message without anything else."""

    at: datetime | None
    level: str
    logger: str
    process: str
    pid: int
    message: str
    traceback: str = ""
    request: str = ""
    job: int | None = None
    work: str = ""

    @property
    def gist(self) -> str:
        """The last line of the traceback: what went wrong."""
        return self.traceback.strip().rpartition("\n")[2]


def encode(record: logging.LogRecord) -> bytes:
    """Return a record as a line, without secrets."""
    said = {
        "at": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z"),
        "level": record.levelname,
        "logger": record.name,
        "process": tracing.process(),
        "pid": record.process,
        **tracing.said(),
        "message": _cut(redact(_message(record)), MOST_TEXT),
    }
    if trace := _trace(record):
        said["traceback"] = _cut(redact(trace), MOST_TRACE)
    return json.dumps(said, default=str).encode("ascii") + b"\n"


def decode(line: bytes) -> Line:
    """Return what a line says; never raises for what stands in it."""
    try:
        found = json.loads(line)
        return _line(found)
    except (ValueError, TypeError, AttributeError, RecursionError):
        text = line[:MOST_TEXT].decode("utf-8", "replace").strip()
        return Line(None, "INFO", "", "", 0, redact(text))


def _line(found: dict[str, Any]) -> Line:
    level, job = str(found.get("level", "")), found.get("job")
    return Line(
        at=datetime.fromisoformat(str(found["at"])) if "at" in found else None,
        level=level if level in LEVELS else "INFO",
        logger=str(found.get("logger", ""))[:100],
        process=str(found.get("process", ""))[:20],
        pid=int(found.get("pid") or 0),
        message=redact(_cut(str(found.get("message", "")), MOST_TEXT)),  # what is a secret may have become known since
        traceback=redact(_cut(str(found.get("traceback", "")), MOST_TRACE)),
        request=str(found.get("request", ""))[:64],
        job=job if isinstance(job, int) else None,
        work=str(found.get("work", ""))[:240],
    )


def plain(line: Line) -> str:
    """Return a line as text for people: one line, the traceback indented below it."""
    named = (("request", line.request), ("job", line.job))
    facts = " ".join(f"{name}={value}" for name, value in named if value)
    at = f"{line.at:%Y-%m-%d %H:%M:%S}Z" if line.at else "-"
    text = f"{at} {line.level} {line.process}/{line.pid} {line.logger}: {line.message}"
    text += f" [{facts}]" if facts else ""
    return "\n  ".join([text, *line.traceback.rstrip().splitlines()])


def _message(record: logging.LogRecord) -> str:
    try:
        return record.getMessage()
    except Exception as error:  # noqa: BLE001  a log call with the wrong values must not break what it tells of
        return f"{record.msg} {record.args!r} ({type(error).__name__})"


def _trace(record: logging.LogRecord) -> str:
    if record.exc_info and record.exc_info[0] is not None:
        return "".join(traceback.format_exception(*record.exc_info))
    return record.exc_text or ""


def _cut(text: str, most: int) -> str:
    """Keep beginning and end of what is too long: a traceback ends with what went wrong."""
    if len(text) <= most:
        return text
    return f"{text[: most // 2]}\n… {len(text) - most} characters left out …\n{text[-most // 2 :]}"
