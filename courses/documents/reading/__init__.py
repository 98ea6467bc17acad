"""Readers of the file formats; they run in a child process of their own and know neither Django nor a database."""
