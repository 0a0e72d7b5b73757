"""The terminal: answers as plain text, and the pages that are made from the code."""
