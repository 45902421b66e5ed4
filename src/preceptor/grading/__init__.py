"""One output in, one score out."""
