"""Alerts and notices to citizens who asked for them: subscriptions, broadcasts that two people saw, their copies.

Who may hear what, and what became of it, is decided here; when and how it is sent, in bot/broadcasts.
"""
