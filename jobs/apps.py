"""The only queue: durable, deduplicated, prioritised, leased."""

from django.apps import AppConfig


class JobsConfig(AppConfig):
    name = "jobs"
    verbose_name = "Queue"
