"""H5P: contents that trainers bring, the libraries that play them, and the frame they play in."""
