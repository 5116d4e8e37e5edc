"""What community team members do in the chat: logging visits, classes, tasks, own figures."""
