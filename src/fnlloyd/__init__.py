"""Fnlloyd: a server that gives a game a character who talks, in text and voice."""

__version__ = "0.1.0"
