"""What a citizen gets: articles, follow-ups, clarifying questions, search."""
