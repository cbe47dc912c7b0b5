"""What the frame itself remembers: backups, and the keys of programs."""

from mediasync.models.backups import Backup
from mediasync.models.keys import ApiKey

__all__ = ["ApiKey", "Backup"]
