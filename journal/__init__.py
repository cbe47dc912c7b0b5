"""What happened and why: events, and the one guarded move between states."""
