"""Assets: the model and voice files a character needs, fetched once and checked."""
