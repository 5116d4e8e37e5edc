"""What is said about links: deep links that lead nowhere, and chats of one person that are linked."""

from __future__ import annotations

from content.article import Strict, Text


class LinkTexts(Strict):
    """For deep links that lead nowhere."""

    forged: Text


class LinkChatsTexts(Strict):
    """/noi and /tach. `refused` has a text for each reason of db/person_links.py."""

    channels: dict[str, Text]
    other_channel: Text
    made: Text
    open_here: Text
    open_telegram: Text
    open_web: Text
    made_linked: Text
    question: Text
    question_member: Text
    yes_button: Text
    no_button: Text
    linked: Text
    unconfirmed: Text
    told_confirm: Text
    is_me_button: Text
    told_linked_here: Text
    declined: Text
    told_opened: Text
    told_linked: Text
    told_declined: Text
    not_me_button: Text
    stopped: Text
    undone: Text
    told_undone: Text
    nothing_to_stop: Text
    not_linked: Text
    leave_question: Text
    leave_yes_button: Text
    leave_no_button: Text
    left: Text
    told_left: Text
    stayed: Text
    refused: dict[str, Text]
