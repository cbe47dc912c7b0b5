"""What the libraries beneath us repeat several times a second is logged once a minute."""

from __future__ import annotations

import logging
import time

AGAIN_S = 60.0


class OnceAMinute(logging.Filter):
    """Lets a message through when it was not heard within the last minute; debugging wants them all."""

    def __init__(self) -> None:
        super().__init__()
        self._heard: dict[str, float] = {}

    def filter(self, record: logging.LogRecord) -> bool:
        """Tell whether `record` is to be logged."""
        if record.levelno <= logging.DEBUG:
            return True
        now, text = time.monotonic(), record.getMessage()
        heard = self._heard.get(text)
        if heard is not None and now - heard < AGAIN_S:
            return False
        self._heard = {said: at for said, at in self._heard.items() if now - at < AGAIN_S} | {text: now}
        return True
