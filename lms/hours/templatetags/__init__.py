"""Template filters of hours."""
