"""Web and mail addresses: nobody wants to hear them. Patterns, each bounded so that no text makes them slow."""

from __future__ import annotations

import re

_URL_CHAR = r"[A-Za-z0-9\-._~:/?#@!$&'*+,;=%\[\]()|]"
_URL_LAST = r"[A-Za-z0-9\-_~/#@$&*+=%]"
_TOP_LEVEL = "com|org|net|edu|gov|io|gg|dev|app|ai|tv|me|info|biz|game|games|co|uk|de|fr|eu|es|it|jp|ru|cn|nl|ca|au"

ADDRESS = re.compile(
    rf"(?:[a-z][a-z0-9+.\-]{{1,15}}://|www\.|\bmailto:){_URL_CHAR}{{0,2000}}{_URL_LAST}"
    r"|(?<![\w.+\-])[\w.+\-]{1,64}@(?:[a-z0-9\-]{1,63}\.){1,4}[a-z]{2,24}\b"
    rf"|(?<![\w.@\-])(?:[a-z0-9\-]{{2,63}}\.){{1,4}}(?:{_TOP_LEVEL})\b(?:/{_URL_CHAR}{{0,500}}{_URL_LAST}|/)?(?![\w.@\-]*\w)"
    r"|(?:[a-z][a-z0-9+.\-]{0,15})?://|www\.",
    re.IGNORECASE | re.ASCII,
)
IMAGE = re.compile(r"!\[[^\[\]\n]{0,300}\](?:\([^()\n]{0,500}\)|\[[^\[\]\n]{0,100}\])?")
LINK = re.compile(r"\[([^\[\]\n]{1,300})\](?:\((?:[^()\n]|\([^()\n]{0,100}\)){0,500}\)|\[[^\[\]\n]{0,100}\])")
ANGLED = re.compile(r"<(?:https?://|mailto:)[^<>\s]{0,2000}>", re.IGNORECASE)
