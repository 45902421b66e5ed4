"""Who did what: the audit log, provenance, personal data."""
