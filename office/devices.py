"""What kind of browser signs in, in two words: so that people recognise their own devices in the list."""

from __future__ import annotations

from fastapi import Request

_BROWSERS = (("Edg", "Edge"), ("OPR/", "Opera"), ("coc_coc", "Cốc Cốc"), ("Firefox/", "Firefox"), ("Chrome/", "Chrome"),
             ("Safari/", "Safari"))  # fmt: skip
_SYSTEMS = (("Android", "Android"), ("iPhone", "iPhone"), ("iPad", "iPad"), ("Windows", "Windows"), ("Mac OS", "macOS"),
            ("Linux", "Linux"))  # fmt: skip


def device_of(request: Request) -> str:
    """ "Chrome, Android"; empty when the browser does not say. The first mark that fits counts: many claim several."""
    agent = request.headers.get("User-Agent", "")
    named = (next((name for mark, name in marks if mark in agent), "") for marks in (_BROWSERS, _SYSTEMS))
    return ", ".join(filter(None, named))
