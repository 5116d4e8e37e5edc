"""The office's web page. Reads content and data; knows nothing of the bot."""
