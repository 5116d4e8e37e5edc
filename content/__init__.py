"""Reads, validates and hands out what the bot says (the only code beside the texts)."""
