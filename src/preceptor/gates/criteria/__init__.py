"""One file a release criterion."""
