"""The one door: phone and code, or a password."""
