"""How documents are described: each with an example, and those that are sent without a word nobody knows."""

from __future__ import annotations

from typing import Any

from pydantic import ConfigDict


def looks_like(example: Any) -> ConfigDict:
    """Return the configuration of a document that we send."""
    return ConfigDict(json_schema_extra={"examples": [example]})


def accepts(example: Any) -> ConfigDict:
    """Return the configuration of a document that is sent to us: a name misspelt is refused, and true is no number."""
    return ConfigDict(json_schema_extra={"examples": [example]}, extra="forbid", strict=True)
