"""Model and voice files: known by name, fetched once, checked by hash."""
