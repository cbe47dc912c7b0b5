"""How commands speak: JSON documents for scripts, tables and progress for people."""
