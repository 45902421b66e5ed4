"""One file a kind of failure."""
