"""Health: each check, its cure, what is kept of it, and `doctor`."""
