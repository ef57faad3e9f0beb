"""Model and voice files: known by name, fetched once, checked by hash."""

from fnlloyd.assets.assets import Assets, PiperFiles
from fnlloyd.assets.catalogue import DEFAULT_MODEL, DEFAULT_VOICE, MODELS, VOICES, Asset
from fnlloyd.assets.progress import Progress

__all__ = ["DEFAULT_MODEL", "DEFAULT_VOICE", "MODELS", "VOICES", "Asset", "Assets", "PiperFiles", "Progress"]
