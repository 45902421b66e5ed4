"""One file a way to make one label of many answers."""
