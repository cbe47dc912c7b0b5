"""Settings, root URLs, the supervisor and the pages that belong to no single part."""

__version__ = "0.1.0.dev0"
