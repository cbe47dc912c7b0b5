"""Kinds of work that are easy to watch, for benches and tests of real processes."""
