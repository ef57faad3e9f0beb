"""Voices: where sound comes from."""
