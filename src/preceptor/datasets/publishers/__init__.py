"""One file a place to publish to."""
