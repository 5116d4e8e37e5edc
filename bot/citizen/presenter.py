"""Lays out articles, menus and questions back as replies. Decides nothing; all words come from the content library."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from bot.citizen import buttons
from bot.citizen.scam_check import Verdict
from bot.messages import Button, Clip, Reply
from content.article import HEADINGS, Article, Section, Source
from content.commune import Commune
from content.library import Library
from content.numbers import day
from content.scam import Level

SOURCES_SHOWN = 2
RELATED_SHOWN = 2
MENU_PAGE = 8
SIGNS_SHOWN = 3
AFTER_VERDICT = ("scam.victim", "scam.report")

Rows = tuple[tuple[Button, ...], ...]


class Presenter:
    """Makes replies from one library in one commune's words."""

    def __init__(self, library: Library, commune: Commune) -> None:
        self._library = library
        self._phrases = library.phrases
        self._commune = commune

    def say(self, phrase: str, **values: object) -> str:
        """A phrase with its values and the commune's names filled in."""
        for name, value in values.items():
            phrase = phrase.replace(f"{{{name}}}", str(value))
        return self._commune.fill(phrase)

    def greeting(self) -> Reply:
        """The first thing a citizen sees."""
        return self.with_quick_start(self._phrases.greeting)

    def help(self) -> Reply:
        """What the bot can do."""
        return Reply(self.say(self._phrases.help), (self._ways_out(),))

    def with_quick_start(self, phrase: str) -> Reply:
        """A phrase over the buttons of the topics that most people need."""
        articles = [self._library.articles[t] for t in self._phrases.quick_start if t in self._library.articles]
        return Reply(self.say(phrase), (*_one_a_row(articles), *self._lessons(), self._ways_out()))

    def with_ways_out(self, phrase: str) -> Reply:
        """A phrase over the buttons to the menu and to a person."""
        return Reply(self.say(phrase), (self._ways_out(),))

    def menu(self) -> Reply:
        """The groups of topics."""
        rows = tuple(
            (Button(title, buttons.payload("group", group)),)
            for group, title in self._phrases.groups.items()
            if self._library.in_group(group)
        )
        return Reply(self.say(self._phrases.menu), (*rows, *self._lessons()))

    def group(self, group: str, first: int) -> Reply | None:
        """A page of a group's topics, from the one at that index; None when there is no such page."""
        articles = self._library.in_group(group)
        page = articles[first : first + MENU_PAGE]
        if not page or group not in self._phrases.groups:
            return None
        turning = [Button(self.say(self._phrases.menu_back), buttons.MENU)]
        if first + MENU_PAGE < len(articles):
            turning.append(
                Button(self.say(self._phrases.menu_next), buttons.payload("group", group, first + MENU_PAGE))
            )
        title = self.say(self._phrases.menu_group, title=self._phrases.groups[group])
        return Reply(title, (*_one_a_row(page), tuple(turning)))

    def answer(self, article: Article, facet: str | None = None) -> Reply:
        """The first answer: the summary, or the one section asked for; an urgent article gives its steps at once.

        Who asks how something is done gets the summary too: it says that, and the steps are a button away.
        """
        wanted = "Các bước" if article.urgent else facet if facet != "Các bước" else None
        section = article.section(wanted or "")
        text = f"**{article.title}**\n\n{article.summary if section is None or article.urgent else section.text}"
        if article.urgent and section is not None:
            text += f"\n\n{section.text}"
        rows = (
            *self._section_buttons(article, shown=section), *self._listen_buttons(article),
            self._feedback_buttons(article),
        )  # fmt: skip
        return Reply(self._commune.fill(text), rows, self._sources_line(article))

    def section(self, article: Article, heading: str) -> Reply | None:
        """One section, which stands alone; None when the article has none under that heading."""
        section = article.section(heading)
        if section is None:
            return None
        text = f"**{article.title}: {heading.lower()}**\n\n{section.text}"
        related = self._library.related(article)[:RELATED_SHOWN]
        rows = (*self._section_buttons(article, shown=section), *_one_a_row(related))
        return Reply(self._commune.fill(text), rows, self._sources_line(article))

    def step(self, article: Article, number: int) -> Reply | None:
        """One step of a guide, counted from 1; None when there is no such step."""
        section = article.section("Các bước")
        steps = section.steps if section else ()
        if not 1 <= number <= len(steps):
            return None
        heading = self.say(self._phrases.step, title=article.title, number=number, total=len(steps))
        turning = []
        if number > 1:
            turning.append(Button(self._phrases.step_previous, buttons.payload("step", article.id, number - 1)))
        if number < len(steps):
            turning.append(Button(self._phrases.step_next, buttons.payload("step", article.id, number + 1)))
            return Reply(self._commune.fill(f"{heading}\n\n{steps[number - 1]}"), (tuple(turning),))
        outcome = (
            Button(self._phrases.step_done, buttons.payload("helpful", article.id)),
            Button(self._phrases.step_stuck, buttons.payload("not_helpful", article.id)),
        )
        return Reply(self._commune.fill(f"{heading}\n\n{steps[-1]}"), tuple(filter(None, (tuple(turning), outcome))))

    def clip(self, article: Article, number: int) -> Reply | None:
        """A recording of an article, counted from 0; None when it has none there (any more)."""
        if number >= len(article.audio):
            return None
        recording, texts = article.audio[number], self._library.texts.audio
        text = texts.clip if recording.source == "recorded" else texts.clip_synthesised
        said = self.say(text, title=recording.title, reader=recording.read_by, date=day(recording.date))
        return Reply(said, clip=Clip(recording.file))

    def sources(self, article: Article) -> Reply:
        """All sources of an article."""
        lines = "\n".join(f"- {_link(source)}" for source in article.sources)
        return Reply(self.say(self._phrases.sources_title, title=article.title), note=lines)

    def verdict(self, verdict: Verdict, level: Level, article: Article | None) -> Reply:
        """What the scam check found: the verdict, the signs with the words that show them, what to do now."""
        signs = [
            self.say(self._phrases.scam_sign, name=sign.name, words=_harmless(sign.words), reason=sign.reason)
            for sign in verdict.signs[:SIGNS_SHOWN]
        ]
        parts = [f"**{level.title}**", "\n".join(signs), level.advice]
        next_steps = [article] if article else []
        next_steps += [a for t in AFTER_VERDICT if (a := self._library.articles.get(t)) and a not in next_steps]
        text = "\n\n".join(part.strip() for part in parts if part)
        return Reply(self._commune.fill(text), _one_a_row(next_steps))

    def clarify(self, articles: Sequence[Article]) -> Reply:
        """Asks which of the topics is meant."""
        phrase = self._phrases.clarify_one if len(articles) == 1 else self._phrases.clarify
        none = (Button(self._phrases.none_of_these_button, buttons.NONE_OF_THESE),)
        return Reply(self.say(phrase), (*_one_a_row(articles), none))

    def lost(self, results: Sequence[Article]) -> Reply:
        """Says that there is no sure answer; offers what search found, the menu and a person."""
        phrase = self._phrases.lost_with_results if results else self._phrases.lost
        return Reply(self.say(phrase), (*_one_a_row(results), self._ways_out()))

    def thanks(self, article: Article, *, helpful: bool) -> Reply:
        """After feedback: what people ask next, or a person."""
        if helpful:
            return Reply(
                self.say(self._phrases.thanks_for_yes), _one_a_row(self._library.related(article)[:RELATED_SHOWN])
            )
        return Reply(self.say(self._phrases.thanks_for_no), (self._ways_out(),))

    def ask_to_forget(self) -> Reply:
        """Asks before everything is deleted."""
        yes = Button(self._phrases.forget_yes_button, buttons.FORGET_YES)
        no = Button(self._phrases.forget_no_button, buttons.FORGET_NO)
        return Reply(self.say(self._phrases.forget_question), ((yes, no),))

    def _lessons(self) -> Rows:
        return ((Button(self._phrases.lessons_button, buttons.LESSONS),),) if self._library.lessons else ()

    def _ways_out(self) -> tuple[Button, ...]:
        return (
            Button(self._phrases.menu_button, buttons.MENU),
            Button(self._phrases.person_button, buttons.payload("topic", "help.human")),
        )

    def _section_buttons(self, article: Article, shown: Section | None) -> Rows:
        others = [section for section in article.sections if section != shown]
        labels = []
        for section in others:
            if section.heading == "Các bước" and article.guide:
                labels.append(Button(section.heading, buttons.payload("step", article.id, 1)))
            else:
                number = HEADINGS.index(section.heading)
                labels.append(Button(section.heading, buttons.payload("section", article.id, number)))
        return tuple(tuple(labels[i : i + 2]) for i in range(0, len(labels), 2))

    def _listen_buttons(self, article: Article) -> Rows:
        texts = self._library.texts.audio
        row = []
        for number, recording in enumerate(article.audio):
            language = texts.languages.get(recording.language, recording.language)
            label = texts.listen_button if recording.language == "vi" else texts.listen_in_button
            row.append(Button(self.say(label, language=language), buttons.payload("listen", article.id, number)))
        return tuple(tuple(row[i : i + 2]) for i in range(0, len(row), 2))

    def _feedback_buttons(self, article: Article) -> tuple[Button, ...]:
        row = [
            Button(self._phrases.helpful_button, buttons.payload("helpful", article.id)),
            Button(self._phrases.not_helpful_button, buttons.payload("not_helpful", article.id)),
        ]
        if len(article.sources) > SOURCES_SHOWN:
            label = self.say(self._phrases.sources_button, count=len(article.sources))
            row.append(Button(label, buttons.payload("sources", article.id)))
        return tuple(row)

    def _sources_line(self, article: Article) -> str:
        if not article.sources:
            return ""
        shown = [_link(source) for source in article.sources[:SOURCES_SHOWN]]
        more = len(article.sources) - SOURCES_SHOWN
        if more > 0:
            shown.append(self.say(self._phrases.more_sources, count=more))
        reviewed = day(article.reviewed)
        return self.say(self._phrases.sources, list="; ".join(shown), reviewed=reviewed)


def _one_a_row(articles: Iterable[Article]) -> Rows:
    return tuple((Button(article.title, buttons.payload("topic", article.id)),) for article in articles)


def _harmless(words: str) -> str:
    """Words of a scam that nobody can press any more: channels make links of whatever looks like one."""
    return re.sub(r"(?<=\w)\.(?=\w)", " . ", words.replace("://", " : // "))


def _link(source: Source) -> str:
    title = source.title.replace("[", "(").replace("]", ")")
    return f"[{title}]({source.url})" + (f", {source.shown_date}" if source.date else "")
