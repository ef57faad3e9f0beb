"""stub"""


def chat_command() -> None:
    """Talk."""
