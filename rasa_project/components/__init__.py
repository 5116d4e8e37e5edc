"""Custom Rasa components for Vietnamese. Imports nothing of the rest of the programme."""
