"""One way for all pages, read alike on both sides of the ocean: 23 Nov 2026, 01:33."""

DATE_FORMAT = "j M Y"
TIME_FORMAT = "H:i"
DATETIME_FORMAT = "j M Y, H:i"
