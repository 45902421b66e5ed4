"""Production traces: read, redacted, kept."""
