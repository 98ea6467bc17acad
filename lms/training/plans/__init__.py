"""The yearly plan of a township or county: what is to be learned, by whom, when and where."""
