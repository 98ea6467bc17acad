"""What phones bring: entries of their outbox, taken in the order of their counter."""
