"""Measuring what a player waits for."""
