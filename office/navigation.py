"""The list of the office's pages: what stands in the menu, in which order, and who sees it."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from db.office.models import OfficeRole

HAMLETS = "hamlets"
"""The entry that is named by the commune's own word for a hamlet."""


@dataclass(frozen=True, slots=True)
class Entry:
    """A page of the menu. `path` is below /office; its name stands in templates/menu.html under `key`."""

    key: str
    path: str
    least: OfficeRole = OfficeRole.VIEWER


@dataclass(frozen=True, slots=True)
class Group:
    """Entries that belong together; its name stands in templates/menu.html."""

    key: str
    entries: tuple[Entry, ...]


MENU = (
    Group(
        "figures",
        (
            Entry("overview", "/"),
            Entry(HAMLETS, "/dia-ban"),
            Entry("sessions", "/dot-ho-tro"),
            Entry("households", "/ho"),
            Entry("classes", "/lop-hoc"),
            Entry("plan", "/ke-hoach"),
            Entry("reports", "/bao-cao"),
        ),
    ),
    Group(
        "people",
        (
            Entry("requests", "/yeu-cau"),
            Entry("questions", "/cau-hoi"),
            Entry("content", "/noi-dung"),
            Entry("broadcasts", "/tin-canh-bao"),
            Entry("posters", "/ap-phich"),
        ),
    ),
    Group(
        "office",
        (
            Entry("members", "/thanh-vien"),
            Entry("log", "/nhat-ky", OfficeRole.EDITOR),
            Entry("settings", "/cai-dat"),
        ),
    ),
)


def menu_for(role: OfficeRole, present: Collection[str]) -> tuple[Group, ...]:
    """What a role sees of the menu, as far as the pages are there: `present` holds the paths that are served."""
    groups = (
        Group(group.key, tuple(one for one in group.entries if one.path in present and role.may(one.least)))
        for group in MENU
    )
    return tuple(group for group in groups if group.entries)


def current_key(path: str) -> str:
    """The entry under which a page's path falls; empty for none."""
    entries = [entry for group in MENU for entry in group.entries]
    for entry in entries:
        if path == entry.path or (entry.path != "/" and path.startswith(f"{entry.path}/")):
            return entry.key
    return ""
