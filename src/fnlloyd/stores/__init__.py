"""Where sessions live."""

from fnlloyd.stores.memory import MemoryStore
from fnlloyd.stores.open import open_store
from fnlloyd.stores.settings import StoreSettings
from fnlloyd.stores.sqlite import SqliteStore
from fnlloyd.stores.store import Store

__all__ = ["MemoryStore", "SqliteStore", "Store", "StoreSettings", "open_store"]
