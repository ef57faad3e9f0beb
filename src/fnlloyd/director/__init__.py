"""The director: shall he speak, how, when, instead of what. Pure."""
