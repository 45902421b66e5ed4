"""One file a grader."""
