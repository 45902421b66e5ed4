"""Judges compared with people: calibration, probes, and rates corrected by human labels."""
