"""What is said of logging visits and of what was logged: parts of content/texts.py, read with it."""

from __future__ import annotations

from content.article import Strict, Text


class ImpossibleTexts(Strict):
    """Why counts can't be, by the reasons of db/outreach/sessions.py."""

    negative: Text
    too_many: Text
    nobody: Text
    group_over_people: Text
    outcome_over_people: Text


class LogTexts(Strict):
    """Receipts of support sessions, and what is done with them afterwards."""

    kinds: dict[str, Text]
    groups: dict[str, Text]
    outcomes: dict[str, Text]
    saved_one: Text
    saved_many: Text
    changed: Text
    today: Text
    yesterday: Text
    note: Text
    edit_button: Text
    edit_button_of: Text
    undo_button: Text
    undo_button_of: Text
    voided: Text
    already_voided: Text
    restore_button: Text
    restored: Text
    edit_ask: Text
    edit_not_understood: Text
    edit_older: Text
    unchanged: Text
    history_button: Text
    history_title: Text
    history_line: Text
    history_actions: dict[str, Text]
    history_change: Text
    history_fields: dict[str, Text]
    history_office: Text
    history_former: Text
    ask_household: Text
    same_household_button: Text
    new_household_button: Text
    same_day: Text
    in_trash: Text
    more_in_today: Text
    undone_before: Text
    cancel_button: Text
    edit_cancelled: Text
    gone: Text
    trash_title: Text
    trash_empty: Text
    trash_restore_button: Text
    impossible: ImpossibleTexts
    future: Text
    not_your_hamlet: Text


class LogTextTexts(Strict):
    """What is asked about a sentence that leaves something open."""

    draft: Text
    ask_hamlet: Text
    unknown_hamlet: Text
    foreign_hamlet: Text
    no_own_hamlet: Text
    ask_household: Text
    no_household_button: Text
    ask_same_household: Text
    same_household_button: Text
    new_household_button: Text
    ask_people: Text
    people_button: Text
    ask_outcomes: Text
    no_outcome_button: Text
    impossible: Text
    reasons: dict[str, Text]
    raise_people_button: Text
    future: Text
    today_button: Text
    yesterday_button: Text
    confirm: Text
    save_button: Text
    same_day: Text
    second_button: Text
    same_button: Text
    drop_button: Text
    dropped: Text
    nothing_open: Text
    old_question: Text
    more_waiting: Text
    too_many_waiting: Text
    lines_removed: Text
    cut_off: Text
    too_long: Text
    answer_not_understood: Text
    edit_not_understood: Text
    again: Text
    short: dict[str, Text]
    ask_is_name: Text
    is_name_button: Text
    is_no_name_button: Text


class LogFormTexts(Strict):
    """Logging a visit with buttons, and surveying a household."""

    ask_hamlet: Text
    ask_household: Text
    found_households: Text
    new_household_button: Text
    new_household: Text
    none_found: Text
    ask_alike: Text
    ask_new_name: Text
    no_name_button: Text
    no_household_button: Text
    ask_people: Text
    people_button: Text
    people_typed: Text
    ask_groups: Text
    ask_outcomes: Text
    ask_outcomes_of_one: Text
    more_button: Text
    next_button: Text
    back_button: Text
    cancel_button: Text
    summary: Text
    pillars: Text
    pillars_unknown: Text
    save_button: Text
    note_button: Text
    yesterday_button: Text
    today_button: Text
    survey_button: Text
    ask_note: Text
    cancelled: Text
    old: Text
    old_step: Text
    going_on: Text
    already_saved: Text
    gone_household: Text
    gone_choice: Text
    gone_hamlet: Text
    bad_number: Text
    not_understood: Text
    bad_name: Text
    masked: Text
    note_cut: Text
    survey_intro: Text
    survey_adults: Text
    survey_identity: Text
    survey_device: Text
    survey_skill: Text
    survey_account: Text
    survey_saved: Text
    survey_cancelled: Text
    survey_again_button: Text
    survey_other_time: Text
