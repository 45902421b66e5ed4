"""One file a format in which a verdict is told."""
