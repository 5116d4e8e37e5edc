"""Text as Telegram sees it: HTML turned into visible text and entities, lengths in UTF-16 units, trimmed ends.

Only ``parse_mode=HTML`` is read; the rules and error texts follow ``parse_html`` of tdlib/td (MessageEntity.cpp).
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from .errors import bad_request

MAX_TEXT_LENGTH = 4096  # UTF-16 units after parsing, Bot API "sendMessage"
MAX_CAPTION_LENGTH = 1024  # UTF-16 units after parsing, Bot API "sendPhoto"

_ENTITY_OF_TAG = {
    "b": "bold",
    "strong": "bold",
    "i": "italic",
    "em": "italic",
    "u": "underline",
    "ins": "underline",
    "s": "strikethrough",
    "strike": "strikethrough",
    "del": "strikethrough",
    "span": "spoiler",
    "tg-spoiler": "spoiler",
    "tg-emoji": "custom_emoji",
    "a": "text_link",
    "code": "code",
    "pre": "pre",
    "blockquote": "blockquote",
}
_TAG = re.compile(r"""<(?P<end>/?)(?P<name>[^\s>]*)(?P<attributes>(?:"[^"]*"|'[^']*'|[^>"'])*)(?P<closed>>?)""")
_ATTRIBUTE = re.compile(r"""([^\s=]+)\s*=\s*(?:"([^"]*)"|'([^']*)'|([\w.-]+))""")
_CHARACTER = re.compile(r"&(?:#x(?P<hex>[0-9a-fA-F]{1,6})|#(?P<decimal>[0-9]{1,7})|(?P<name>lt|gt|amp|quot));?")
_NAMED_CHARACTERS = {"lt": "<", "gt": ">", "amp": "&", "quot": '"'}
_COMMAND = re.compile(r"(?<![\w/@<>])/[A-Za-z0-9_]{1,64}(?:@[A-Za-z0-9_]{3,32})?(?![\w/])")
_MENTION = re.compile(r"(?<!\w)@[A-Za-z0-9_]{3,32}\b")


@dataclass(frozen=True)
class RichText:
    """Visible text with its entities (Bot API ``MessageEntity`` objects, offsets in UTF-16 units)."""

    text: str
    entities: tuple[dict[str, Any], ...] = ()


def utf16_length(text: str) -> int:
    """Length as Telegram counts it: an emoji outside the basic plane counts two."""
    return len(text.encode("utf-16-le", "surrogatepass")) // 2


def typed_by_person(text: str) -> RichText:
    """What a person typed, with the /commands and @mentions that Telegram's apps mark by themselves."""
    found = [(match, "bot_command") for match in _COMMAND.finditer(text)]
    found += [(match, "mention") for match in _MENTION.finditer(_COMMAND.sub(lambda m: "_" * len(m[0]), text))]
    entities = (
        {"type": kind, "offset": utf16_length(text[: match.start()]), "length": utf16_length(match[0])}
        for match, kind in sorted(found, key=lambda item: item[0].start())
    )
    return RichText(text, tuple(entities))


def sent_by_bot(source: str, parse_mode: str | None, entities: list[dict[str, Any]] | None) -> RichText:
    """Visible text of what a bot sends: parsed when ``parse_mode`` asks for it, white space at both ends cut off.

    Raises ApiError 400 for markup that Telegram can't parse and for a parse mode that the emulator doesn't know.
    """
    if not parse_mode:
        return _trimmed(RichText(source, tuple(entities or ())))
    if parse_mode.lower() != "html":
        raise bad_request(f"unsupported parse_mode (the emulator reads HTML only, not {parse_mode})")
    return _trimmed(parse_html(source))


def parse_html(source: str) -> RichText:
    """Turns Telegram's HTML into visible text and entities; raises ApiError 400 "can't parse entities: ..."."""
    text = ""
    entities: list[dict[str, Any]] = []
    open_tags: list[tuple[str, dict[str, Any]]] = []
    position = 0
    while position < len(source):
        if source[position] == "<":
            match = _TAG.match(source, position)
            assert match is not None  # the pattern matches anything that begins with "<"
            position = match.end()
            if match["end"]:
                tag, entity = _closed_tag(match, open_tags)
                entity["length"] = utf16_length(text) - entity["offset"]
                if entity["length"] > 0 and not (tag == "a" and not entity["url"]):
                    entities.append(entity)
            else:
                tag, fields = _opened_tag(match)
                open_tags.append((tag, {"offset": utf16_length(text), **fields}))
            continue
        character = _CHARACTER.match(source, position)
        text += _decoded(character) if character else source[position]
        position = character.end() if character else position + 1
    if open_tags:
        raise _cannot_parse(f'Can\'t find end tag corresponding to start tag "{open_tags[-1][0]}"')
    return RichText(text, tuple(sorted(entities, key=lambda entity: (entity["offset"], -entity["length"]))))


def _opened_tag(match: re.Match[str]) -> tuple[str, dict[str, Any]]:
    name = match["name"].lower()
    where = _byte_offset(match)
    if match.end("name") == len(match.string):
        raise _cannot_parse(f"Unclosed start tag at byte offset {where}")
    if name not in _ENTITY_OF_TAG:
        raise _cannot_parse(f'Unsupported start tag "{name}" at byte offset {where}')
    if not match["closed"]:
        raise _cannot_parse(f'Unclosed start tag "{name}" at byte offset {where}')
    attributes = dict(_attributes(match["attributes"]))
    if name == "span" and attributes.get("class") != "tg-spoiler":
        raise _cannot_parse(f'Tag "span" must have class "tg-spoiler" at byte offset {where}')
    fields: dict[str, Any] = {"type": _ENTITY_OF_TAG[name]}
    if name == "a":
        fields["url"] = attributes.get("href", "")
    if name == "tg-emoji":
        fields["custom_emoji_id"] = attributes.get("emoji-id", "")
    return name, fields


def _closed_tag(match: re.Match[str], open_tags: list[tuple[str, dict[str, Any]]]) -> tuple[str, dict[str, Any]]:
    where = _byte_offset(match)
    if not open_tags:
        raise _cannot_parse(f"Unexpected end tag at byte offset {where}")
    if not match["closed"]:
        raise _cannot_parse(f"Unclosed end tag at byte offset {where}")
    expected, found = open_tags[-1][0], match["name"].lower()
    if found and found != expected:
        reason = f'Unmatched end tag at byte offset {where}, expected "</{expected}>", found "</{found}>"'
        raise _cannot_parse(reason)
    return open_tags.pop()


def _attributes(source: str) -> Iterator[tuple[str, str]]:
    for match in _ATTRIBUTE.finditer(source):
        value = match[2] if match[2] is not None else match[3] if match[3] is not None else match[4].lower()
        yield match[1], _CHARACTER.sub(_decoded, value)


def _decoded(match: re.Match[str]) -> str:
    if match["name"]:
        return _NAMED_CHARACTERS[match["name"]]
    code = int(match["hex"], 16) if match["hex"] else int(match["decimal"])
    return chr(code) if 0 < code < 0x10FFFF else match[0]


def _byte_offset(match: re.Match[str]) -> int:
    return len(match.string[: match.start()].encode("utf-8", "surrogatepass"))


def _cannot_parse(reason: str) -> Exception:
    return bad_request(f"can't parse entities: {reason}")


def _trimmed(rich: RichText) -> RichText:
    text = rich.text.strip()
    if text == rich.text:
        return rich
    shift = utf16_length(rich.text) - utf16_length(rich.text.lstrip())
    end = utf16_length(text)
    entities = []
    for entity in rich.entities:
        first = max(entity["offset"] - shift, 0)
        last = min(entity["offset"] + entity["length"] - shift, end)
        if last > first:
            entities.append({**entity, "offset": first, "length": last - first})
    return RichText(text, tuple(entities))
