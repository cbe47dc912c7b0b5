"""Is everything well: checks that say what is the matter, what it means, and what would cure it."""
