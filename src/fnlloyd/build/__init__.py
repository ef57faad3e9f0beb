"""The only place where concrete meets concrete: from settings to a house that doors can be put on."""

from fnlloyd.build.files import fetch_assets, read_card
from fnlloyd.build.house import House, open_house
from fnlloyd.build.voice import open_voices

__all__ = ["House", "fetch_assets", "open_house", "open_voices", "read_card"]
