"""The locales whose personal data is known, one file each."""
