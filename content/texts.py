"""What the services say (bot/service.py): a file of content/texts/ for each, read and checked as a whole."""

from __future__ import annotations

from pathlib import Path

from pydantic import ValidationError

from content.article import ContentError, Problem, Strict, Text, read_text, read_yaml
from content.audio_texts import AudioTexts
from content.channel_texts import ChoiceTexts, ZaloBotTexts, ZaloTexts
from content.class_texts import ClassTexts, DeskSessionTexts, EventTexts
from content.figure_texts import FigureTexts
from content.job_texts import JobTexts
from content.lesson_texts import CertificateTexts, LessonTexts, TeachTexts
from content.link_texts import LinkChatsTexts, LinkTexts
from content.log_texts import LogFormTexts, LogTexts, LogTextTexts
from content.official_texts import OfficialTexts
from content.paper_texts import HouseholdFormTexts, VisitSheetTexts
from content.poster_texts import PosterTexts, WelcomeTexts
from content.subscription_texts import SubscriptionTexts
from content.work_texts import WorkTexts


class CommandTexts(Strict):
    """What a member is shown of the commands."""

    title: Text
    sentence: Text
    meaning: dict[str, Text]


class PeopleTexts(Strict):
    """Joining by an invitation, leaving, inviting."""

    roles: dict[str, Text]
    welcome: Text
    places: Text
    already_member: Text
    accept_button: Text
    accepted: Text
    is_member: Text
    cancel_button: Text
    cancelled: Text
    bad_name: Text
    joined: Text
    refused: dict[str, Text]
    leave_question: Text
    leave_yes_button: Text
    leave_no_button: Text
    left: Text
    stayed: Text
    invite_role: Text
    invite_hamlet: Text
    invite_nowhere: Text
    invite_make_button: Text
    every_hamlet_button: Text
    invited: Text
    revoke_button: Text
    revoked: Text
    not_revoked: Text
    invite_qr: Text
    list_title: Text
    earlier_button: Text
    later_button: Text
    card: Text
    no_hamlets: Text
    every_hamlet: Text
    hamlets_button: Text
    hamlets_question: Text
    hamlets_save_button: Text
    hamlets_saved: Text
    your_hamlets: Text
    you_were_removed: Text
    card_target: Text
    target_button: Text
    target_question: Text
    no_target_button: Text
    bad_target: Text
    target_saved: Text
    target_gone: Text
    your_target: Text
    your_target_gone: Text
    remove_button: Text
    remove_question: Text
    remove_yes_button: Text
    remove_no_button: Text
    removed: Text
    not_removed: Text
    gone: Text
    too_high: Text


class HelpRequestTexts(Strict):
    """Asking for a person, and answering such requests."""

    kinds: dict[str, Text]
    offer: Text
    offer_not_helped: Text
    new_button: Text
    ask_hamlet: Text
    unknown_hamlet_button: Text
    ask_text: Text
    ask_home: Text
    skip_button: Text
    cancel_form_button: Text
    form_cancelled: Text
    made: Text
    made_nobody: Text
    who_team: Text
    who_commune: Text
    already: Text
    state_open: Text
    state_taken: Text
    cancel_button: Text
    cancelled: Text
    nothing: Text
    none: Text
    citizen_taken: Text
    citizen_released: Text
    citizen_done: Text
    done_yes_button: Text
    done_no_button: Text
    thanks: Text
    reopened: Text
    member_new: Text
    no_text: Text
    topic: Text
    anywhere: Text
    take_button: Text
    talk_button: Text
    pass_button: Text
    done_button: Text
    visit_button: Text
    taken_by_you: Text
    taken_by_other: Text
    not_yours: Text
    pass_question: Text
    pass_all_button: Text
    passed: Text
    passed_all: Text
    passed_to_you: Text
    marked_done: Text
    member_cancelled: Text
    member_helped: Text
    member_not_helped: Text
    list_title: Text
    list_none: Text
    list_line: Text
    reminder: Text
    talk_member: Text
    talk_citizen: Text
    end_button: Text
    from_member: Text
    from_citizen: Text
    ended: Text
    no_talk: Text
    citizen_gone: Text


class Texts(Strict):
    """All of them, by service. `{names}` are filled in by whoever says them, the commune's own by the commune."""

    audio: AudioTexts
    link: LinkTexts
    link_chats: LinkChatsTexts
    choices: ChoiceTexts
    zalo_bot: ZaloBotTexts
    zalo: ZaloTexts
    commands: CommandTexts
    people: PeopleTexts
    help_request: HelpRequestTexts
    classes: ClassTexts
    desk_session: DeskSessionTexts
    events: EventTexts
    log: LogTexts
    work: WorkTexts
    figures: FigureTexts
    log_text: LogTextTexts
    visit_sheet: VisitSheetTexts
    household_form: HouseholdFormTexts
    log_form: LogFormTexts
    official: OfficialTexts
    jobs: JobTexts
    welcome: WelcomeTexts
    subscriptions: SubscriptionTexts
    posters: PosterTexts
    lessons: LessonTexts
    certificate: CertificateTexts
    teach: TeachTexts


def read_texts(folder: Path) -> Texts:
    """Reads content/texts/.

    Raises:
        ContentError: with every problem in every file.
    """
    problems: list[Problem] = []
    read = {}
    for name, field in Texts.model_fields.items():
        file = folder / "texts" / f"{name}.yml"
        shown_as = file.relative_to(folder.parent)
        try:
            mapping = read_yaml(read_text(file, shown_as), shown_as)
        except ContentError as error:
            problems.extend(error.problems)
            continue
        try:
            assert field.annotation is not None
            read[name] = field.annotation.model_validate(mapping.values)
        except ValidationError as error:
            problems.extend(mapping.problems(error))
    if problems:
        raise ContentError(problems)
    return Texts(**read)
