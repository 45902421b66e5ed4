"""The types of personal data that are found by their form, one file each."""
