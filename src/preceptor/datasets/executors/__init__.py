"""What runs the functions of a build."""
