"""One file a format that our runs are written in."""
