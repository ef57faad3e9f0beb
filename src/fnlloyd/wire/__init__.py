"""The wire contract: messages in, messages out, binary frames. The one declaration of what travels."""
