"""The codes of invitations: kept as a hash, and hidden in the message that brought one to whoever invited."""

from __future__ import annotations

import hashlib
import json

from sqlalchemy.ext.asyncio import AsyncSession

from db import links, outbox
from db.outreach.models import Invitation

HIDDEN = "[đã che]"


def hashed(code: str) -> str:
    """What is kept of a code."""
    return hashlib.sha256(code.encode()).hexdigest()


async def hide(session: AsyncSession, invitation: Invitation) -> None:
    """Takes the code, which is worth nothing any more, out of the message in which the inviter got it.

    That message was written in the turn that made the invitation; one made on the command line has none.
    """
    for message in await outbox.written_at(session, invitation.commune, invitation.created_at):
        text = json.dumps(message.body, ensure_ascii=False)
        codes = [code for code, value in links.invitations_in(text).items() if hashed(value) == invitation.code_hash]
        for code in codes:
            text = text.replace(code, HIDDEN)
        if codes:
            message.body = json.loads(text)
