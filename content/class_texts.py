"""What is said of classes, of sessions at the one-stop desk and of public events: parts of content/texts.py."""

from __future__ import annotations

from content.article import Strict, Text


class ClassTexts(Strict):
    """Classes: opened, checked in to, closed."""

    subjects: dict[str, Text]
    list_title: Text
    list_none: Text
    line: Text
    new_button: Text
    ask_hamlet: Text
    ask_title: Text
    ask_when: Text
    bad_when: Text
    ask_place: Text
    usual_place: Text
    confirm: Text
    same_day: Text
    confirm_button: Text
    back_button: Text
    stop_button: Text
    stopped: Text
    form_over: Text
    created: Text
    card: Text
    counted: Text
    code_button: Text
    count_button: Text
    lesson_button: Text
    close_button: Text
    cancel_button: Text
    code: Text
    ask_count: Text
    bad_count: Text
    cancel_question: Text
    cancel_yes_button: Text
    cancelled: Text
    close_question: Text
    close_early: Text
    close_empty: Text
    close_not_understood: Text
    save_button: Text
    ask_achieved: Text
    all_button: Text
    nobody_button: Text
    close_again_button: Text
    undone: Text
    closed_for: Text
    closed_before: Text
    over: Text
    gone: Text
    check_in_done: Text
    check_in_again: Text
    check_in_early: Text
    check_in_late: Text
    check_in_cancelled: Text
    check_in_gone: Text
    remind_button: Text
    remind_no_button: Text
    remind_yes: Text
    remind_off_button: Text
    remind_no: Text
    remind_late: Text
    offer: Text
    offer_button: Text
    reminder: Text
    close_reminder: Text
    cancelled_notice: Text


class DeskSessionTexts(Strict):
    """Sessions at the one-stop desk."""

    ask: Text
    ask_hamlet: Text
    other_hamlet_button: Text
    advice_button: Text
    ask_people: Text
    bad_people: Text
    already: Text
    next_button: Text


class EventTexts(Strict):
    """Public events."""

    events: dict[str, Text]
    ask_title: Text
    ask_hamlet: Text
    ask_people: Text
    bad_people: Text
    summary: Text
    whole_commune: Text
    whole_commune_button: Text
    one_hamlet_button: Text
    today_button: Text
    yesterday_button: Text
    note_button: Text
    ask_note: Text
    not_understood: Text
    save_button: Text
    back_button: Text
    stop_button: Text
    stopped: Text
    old: Text
    already: Text
