"""Understands a member's sentence about visits and gives plain data. Saves nothing, knows no database and no channel.

The way: `segments` cuts a message into lines and visits; `dates`, `places` and `marks` find what a line names; `tally`
adds up; `reader` puts visits together and says what is in doubt. The words of the trade stand in `lexicon`.
"""

from bot.team.quick_log.reader import read_visits
from bot.team.quick_log.visit import OUTCOMES, HouseholdName, KnownPlaces, Problem, Visit

__all__ = ["OUTCOMES", "HouseholdName", "KnownPlaces", "Problem", "Visit", "read_visits"]
