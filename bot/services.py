"""The services that this programme offers in the chat. Adding one is adding it here."""

from __future__ import annotations

from bot import link_chats, subscriptions, welcome
from bot.lessons import certificate, teaching
from bot.lessons import service as lessons
from bot.service import Service
from bot.team import (
    ask_for_help,
    check_in,
    classes,
    commands,
    desk_session,
    events,
    figures_answer,
    handover,
    invite,
    join,
    log_form,
    log_text,
    own_sessions,
    people,
    stats,
    survey_form,
    take_requests,
    tasks,
    today,
)
from bot.team.visit_sheet import service as visit_sheet

SERVICES: tuple[Service, ...] = (
    handover.SERVICE,
    join.JOINING,
    join.LEAVING,
    link_chats.LINKING,
    link_chats.LEAVING,
    commands.SERVICE,
    own_sessions.SERVICE,
    log_form.SERVICE,
    survey_form.SERVICE,
    log_text.SERVICE,
    take_requests.SERVICE,
    ask_for_help.SERVICE,
    classes.SERVICE,
    check_in.SERVICE,
    desk_session.SERVICE,
    events.SERVICE,
    stats.SERVICE,
    figures_answer.SERVICE,
    tasks.SERVICE,
    today.SERVICE,
    invite.SERVICE,
    people.SERVICE,
    visit_sheet.SERVICE,
    certificate.SERVICE,
    lessons.SERVICE,
    teaching.SERVICE,
    welcome.BY_HAMLET,
    welcome.BY_TOPIC,
    welcome.BY_POSTER,
    subscriptions.SERVICE,
)
