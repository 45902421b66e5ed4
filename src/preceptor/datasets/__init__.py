"""Immutable, checked, versioned training data."""
