"""Template tags of viewings."""
