"""The database and the content-addressed files; nothing else knows which database it is."""
