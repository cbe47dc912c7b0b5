"""The seal in an NFO: a comment with the hash of the rest, which tells our file from anybody else's.

A file is ours while its seal fits. Who edits it breaks the seal, and with that the file is theirs;
no database has to remember what was written, so this holds after a rebuild too.
"""

from __future__ import annotations

import hashlib
import re

HEAD = b'<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
_SEAL = re.compile(
    rb"<!-- mediasync wrote this; change it and mediasync leaves it to you\. sha256:([0-9a-f]{64}) -->\n"
)


def seal(body: bytes) -> bytes:
    """Return an NFO of this body, with XML declaration and seal."""
    mark = "<!-- mediasync wrote this; change it and mediasync leaves it to you. sha256:%s -->\n"
    return HEAD + (mark % hashlib.sha256(body).hexdigest()).encode() + body


def is_sealed(data: bytes) -> bool:
    """Say whether this NFO is exactly as we wrote it."""
    found = _SEAL.match(data, len(HEAD)) if data.startswith(HEAD) else None
    return found is not None and hashlib.sha256(data[found.end() :]).hexdigest().encode() == found[1]
