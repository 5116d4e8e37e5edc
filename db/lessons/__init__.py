"""The pocket lessons: how far somebody is, who wants to be reminded, and who counts by consent as having the skills."""
