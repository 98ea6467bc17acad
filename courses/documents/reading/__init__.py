"""Readers of the file formats; they run in a child process and know neither Django nor a database."""
