"""Reports: what they hold, how their texts are composed, and how they are written as docx, xlsx and csv."""
