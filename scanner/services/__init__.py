"""Verbs of the library: each brings one thing to its next state."""
