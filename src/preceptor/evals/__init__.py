"""Run suites on targets and compare runs."""
