"""Pages of stations: the keeper's, the township's, and the registers."""
