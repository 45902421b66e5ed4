"""One file a format of other tools' test cases."""
