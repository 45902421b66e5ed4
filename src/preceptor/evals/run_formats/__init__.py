"""One file a format of other tools' eval runs."""
