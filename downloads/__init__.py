"""Wish lists, indexers, clients, HTTP downloads and imports (from 0.2 on)."""
