"""The bench: real servers in processes of their own, real sockets, and a table of what a player waits for."""
