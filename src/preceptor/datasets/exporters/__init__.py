"""One file a format to export to."""
