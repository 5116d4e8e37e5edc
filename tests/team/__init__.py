"""What team members do, as they would: sentences, streams of messages."""
