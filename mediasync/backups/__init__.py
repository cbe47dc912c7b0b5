"""Backups: one file that holds database and settings, made while everything runs, tried out by a restore."""
