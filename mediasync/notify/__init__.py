"""Notices: what needs a person is told where that person looks, outside of these pages."""
