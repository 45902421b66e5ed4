"""OpenTelemetry spans in JSON: their values, and the dialects in which they carry conversations."""
