"""Assets: the model and voice files a character needs, fetched once and checked."""

from fnlloyd.assets.assets import Assets, PiperFiles
from fnlloyd.assets.progress import Progress

__all__ = ["Assets", "PiperFiles", "Progress"]
