"""Reports: their figures, their paper, their annex."""
