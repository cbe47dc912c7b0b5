"""The only queue: durable, deduplicated, prioritised, leased."""
