"""Agreement, and from answers to labels."""
