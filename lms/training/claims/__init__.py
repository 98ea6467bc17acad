"""Hours earned elsewhere: filed with evidence, decided by a second person."""
