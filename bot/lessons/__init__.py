"""The pocket lessons in the chat: the list, reading and questions, the certificate, and lessons given to others."""
