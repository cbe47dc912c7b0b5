"""The log: one file that all processes share, how it is written, and how it is read from its end."""
