"""What a post needs to be able to do."""
