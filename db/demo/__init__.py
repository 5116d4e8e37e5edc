"""A year of made-up data in a commune, to see every page with; all of it marked, all of it removable.

Households, members, sessions, classes, requests and official figures are marked in their rows (`is_demo`); questions
and conversations by the channel "demo"; attendances by their person; broadcasts by their writer; entries of the log by
their actor and subject.
"""
