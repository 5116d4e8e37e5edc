"""What runs by the clock, in words: for the operator's list of jobs, and what jobs write to the office's chats."""

from __future__ import annotations

from content.article import Strict, Text


class JobWords(Strict):
    """A job in the operator's list: what it does, when, and what it counts ({n})."""

    what: Text
    when: Text
    counted: Text


class JobTexts(Strict):
    """The list of jobs (`daisuso jobs`), and the notices to the office. `jobs` has a text for each of bot/jobs."""

    jobs: dict[str, JobWords]
    outcomes: dict[str, Text]
    skipped: dict[str, Text]
    digest: Text
    reviews: Text
    review_line: Text
    more_reviews: Text
    draft_ready: Text
    deadline: Text
    report_due: Text
    report_due_tomorrow: Text
