"""Engines: where words come from."""
