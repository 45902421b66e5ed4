"""Rubrics, tasks and the answers of annotators."""
