"""The words on the wire, declared once; JSON Schema and the reference page are made from them."""
