"""One file a model provider."""
