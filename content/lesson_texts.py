"""What is said around the pocket lessons: parts of content/texts.py, read with it. See content/lessons.py too."""

from __future__ import annotations

from content.article import Strict, Text


class LessonTexts(Strict):
    """/baihoc. `subjects` are words, without diacritics, by which people ask for a subject (content/lessons.py)."""

    list_title: Text
    list_begun: Text
    list_all_done: Text
    counted_here: Text
    no_lessons: Text
    group_title: Text
    page_next: Text
    page_before: Text
    list_button: Text
    mark_done: Text
    mark_begun: Text
    mark_new: Text
    lesson_button: Text
    intro: Text
    card: Text
    previous_button: Text
    next_button: Text
    quiz_button: Text
    question: Text
    right: Text
    wrong: Text
    try_again_button: Text
    next_question_button: Text
    missing_question_button: Text
    reread_button: Text
    finish_button: Text
    finished: Text
    not_finished: Text
    not_read: Text
    next_lesson_button: Text
    read_more_button: Text
    course_finished: Text
    remind_button: Text
    remind_on: Text
    remind_off_button: Text
    remind_off: Text
    remind_group: Text
    reminder: Text
    reminder_last: Text
    gone: Text
    subjects: dict[str, list[Text]]


class CertificateTexts(Strict):
    """The certificate, and the question whether its owner may be counted."""

    button: Text
    not_yet: Text
    ask_name: Text
    cancel_button: Text
    cancelled: Text
    bad_name: Text
    long_name: Text
    ready: Text
    keep: Text
    rename_button: Text
    picture_heading: Text
    picture_title: Text
    picture_before_name: Text
    picture_course: Text
    picture_content: Text
    picture_day: Text
    picture_small_print: Text
    picture_alt: Text
    ask_count: Text
    agree_button: Text
    refuse_button: Text
    refused: Text
    ask_hamlet: Text
    ask_adult: Text
    adult_button: Text
    minor_button: Text
    minor: Text
    counted: Text
    counted_before: Text
    withdraw_button: Text
    withdrawn: Text
    not_counted: Text
    count_button: Text


class TeachTexts(Strict):
    """A member gives a lesson to a household or a class."""

    button: Text
    ask_whom: Text
    ask_hamlet: Text
    ask_household: Text
    class_button: Text
    other_households_button: Text
    type_name: Text
    not_found: Text
    choose_lesson: Text
    head: Text
    card: Text
    read_aloud: Text
    question: Text
    option: Text
    answer_button: Text
    answer: Text
    done_household: Text
    ask_people: Text
    ask_skilled: Text
    nobody_button: Text
    saved_note: Text
    done_class: Text
    close_class_button: Text
    another_button: Text
    bad_number: Text
    gone: Text
    class_gone: Text
