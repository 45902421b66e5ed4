"""Talk to language models."""
