"""Questions out of spreadsheets: read, judged row by row, kept until the yes."""
