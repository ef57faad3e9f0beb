"""Text on its way to the ear. Pure feed/flush, no clock, no I/O."""
