"""Pages of claims: the person's own, the desk that decides, the road of a sheet."""
