"""Settings of the processes that benches and tests start: ours, and kinds of work that are easy to watch."""

from mediasync.settings import *  # noqa: F403  all of them
from mediasync.settings import INSTALLED_APPS

INSTALLED_APPS = [*INSTALLED_APPS, "benches.work"]
