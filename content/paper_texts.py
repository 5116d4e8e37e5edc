"""What stands on sheets and forms, and is said of them: parts of content/texts.py, read with it."""

from __future__ import annotations

from content.article import Strict, Text


class VisitSheetTexts(Strict):
    """The Excel sheet of visits: the template, what is wrong with a sheet, and what becomes of it."""

    sheet_title: Text
    lists_title: Text
    title: Text
    how_to: Text
    columns: dict[str, Text]
    example_household: Text
    example_note: Text
    only_past_days: Text
    only_listed: Text
    only_counts: Text
    check_title: Text
    household_prompt_title: Text
    household_prompt: Text
    problems: dict[str, Text]
    files: dict[str, Text]
    row: Text
    cell: Text
    summary_title: Text
    summary_new: Text
    summary_changed: Text
    summary_same: Text
    summary_gone: Text
    summary_wrong: Text
    summary_households: Text
    problems_title: Text
    remarks_title: Text
    more: Text
    nothing_to_save: Text
    mend: Text
    mend_all: Text
    save_all_button: Text
    save_right_button: Text
    drop_button: Text
    saved: Text
    left_out: Text
    edit_hint: Text
    undo_button: Text
    undone: Text
    nothing_to_undo: Text
    not_all_right_any_more: Text
    dropped: Text
    gone: Text
    template_text: Text
    template_name: Text
    no_hamlets: Text
    unreadable: Text
    not_arrived: Text


class HouseholdFormTexts(Strict):
    """The printed form for visits from house to house."""

    title: Text
    subtitle: Text
    team: Text
    scan: Text
    no_code: Text
    head: Text
    number: Text
    day: Text
    visitor: Text
    home_title: Text
    people: Text
    adults: Text
    is_poor: Text
    is_ethnic_minority: Text
    has_elderly: Text
    has_disabled: Text
    pillars_title: Text
    pillar_before: Text
    pillar_now: Text
    pillars: dict[str, Text]
    meanings: dict[str, Text]
    helped_title: Text
    helped_people: Text
    outcomes_title: Text
    note_title: Text
    warning: Text
    footer: Text
    blank_footer: Text
