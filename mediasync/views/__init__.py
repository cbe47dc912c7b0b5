"""Pages that belong to no single part: the frame's strip, health, accounts, errors, the queue."""
