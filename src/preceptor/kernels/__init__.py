"""Compiled inner loops: Arrow in, Arrow out."""
