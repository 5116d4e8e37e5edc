"""What citizens read who want to be told of something (bot/subscriptions.py), and in every broadcast."""

from __future__ import annotations

from content.article import Strict, Text


class SubscriptionTexts(Strict):
    """Choosing, ending, and the lines around a broadcast's text. `interests` and `headings` by their codes in db."""

    interests: dict[str, Text]
    headings: dict[str, Text]
    way_out: Text
    read_on_button: Text
    stop_button: Text
    choose: Text
    on: Text
    off: Text
    subscribed: Text
    ended: Text
    stopped: Text
    nothing_to_stop: Text
    again_button: Text
    only_private: Text
    offer: Text
    offer_yes_button: Text
    offer_no_button: Text
    declined: Text
    say_hamlet_button: Text
    hamlet_button: Text
    ask_hamlet: Text
    hamlet_none_button: Text
    hamlet_kept: Text
    hamlet_none: Text
