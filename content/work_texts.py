"""What members see of their work: own figures, whom to visit next, the day."""

from __future__ import annotations

from content.article import Strict, Text


class WorkTexts(Strict):
    """The texts of /thongke, /nhiemvu and /homnay. `why` has a text for each reason of db/outreach/tasks.py."""

    stats_title: Text
    stats_own: Text
    stats_outcomes: Text
    stats_none: Text
    stats_before: Text
    stats_target: Text
    stats_target_met: Text
    stats_hamlet: Text
    stats_commune: Text
    stats_how: Text
    chart_title: Text
    chart_text: Text
    trend_title: Text
    trend_text: Text
    before_button: Text
    after_button: Text
    tasks_title: Text
    tasks_none: Text
    tasks_no_hamlet: Text
    task: Text
    task_button: Text
    why: dict[str, Text]
    requests_title: Text
    request: Text
    request_open: Text
    request_yours: Text
    request_take_button: Text
    request_open_button: Text
    more_requests: Text
    classes_title: Text
    class_to_close: Text
    today_title: Text
    today_none: Text
    today_logged: Text
    today_more: Text
    today_nothing_to_do: Text
