"""Elections: a county's new term, village by village, previewed before anything is written."""
