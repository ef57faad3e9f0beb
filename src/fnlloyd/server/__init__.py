"""The doors: WebSocket, SSE, REST, the older API, sound, health, the game."""
