"""Broadcasts on their way: how one looks (`copy`), and who hands them to the outbox, when (`sending`)."""
