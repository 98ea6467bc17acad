"""Claims of many people out of one spreadsheet: read, judged row by row, kept until the yes."""
