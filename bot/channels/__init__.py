"""Turn the updates of a messenger into Incoming messages, and Replies into what it shows."""
