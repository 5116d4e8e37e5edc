"""What the community teams do, by subject: places, people, support sessions, classes, requests."""
