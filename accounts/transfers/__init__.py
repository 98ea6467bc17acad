"""Moves of people from one unit to another: at once where somebody keeps both, offered where not."""
