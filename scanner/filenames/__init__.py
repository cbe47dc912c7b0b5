"""What a path says: title, year, season, episodes, ids, extras (pure; no Django, no disk)."""
