"""Checks of instructions; one file adds one."""
