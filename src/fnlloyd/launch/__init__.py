"""Child servers: started, watched, restarted, stopped."""

from fnlloyd.launch.child import Child, ChildState, Patience
from fnlloyd.launch.llama import LlamaServer, LlamaShape

__all__ = ["Child", "ChildState", "LlamaServer", "LlamaShape", "Patience"]
