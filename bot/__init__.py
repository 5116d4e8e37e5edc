"""Everything that converses: channels, conversation, answers, and the process that runs them."""

__version__ = "0.1.0"
