"""What a bench hands back: figures, and the bars it was measured against."""

from __future__ import annotations

from typing import Any


def at_most(value: float, bar: float) -> dict[str, Any]:
    """Return a bar that `value` must not pass."""
    return {"value": round(value, 4), "bar": f"<= {bar:g}", "ok": value <= bar}
