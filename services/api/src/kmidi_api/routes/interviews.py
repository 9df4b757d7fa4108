"""The conversation before the music. Nothing is kept here: the client holds the transcript and sends it back."""

from __future__ import annotations

import uuid
import zlib
from dataclasses import dataclass, field, replace

from fastapi import APIRouter
from pydantic import ConfigDict

from kmidi import Intent, IntentError, codec
from kmidi.affect import wished
from kmidi.interview import Answer, Ears, Interview, Turn, answer, finish, next_turn, unused

from ..deps import TheHouse
from ..problems import documented
from ..seal import Seal

router = APIRouter(tags=["interviews"])
PROBLEMS = documented(
    {
        400: "The body is no text.",
        413: "The body is too large.",
        422: "An answer that can't be; `errors` name it.",
        503: "Too many requests wait already.",
    }
)
_LONGEST = 400_000  # characters of a transcript, unpacked


@dataclass(frozen=True, slots=True, kw_only=True)
class Said:
    """The conversation so far and, unless it only resumes, the next answer."""

    __pydantic_config__ = ConfigDict(extra="forbid")  # a misspelt message would begin anew in silence
    interview: Interview = field(default_factory=Interview)
    message: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Heard:
    """The conversation with the answer, what is asked next, the intent so far (None before anything is said), what
    went unused.
    """

    interview: Interview
    turn: Turn
    intent: Intent | None
    unused: tuple[Answer, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """A message of a session; without session_id a new one begins. `context` is told before the message."""

    message: str
    session_id: str | None = None
    context: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Reply:
    """What is said back. `session_id` holds the whole conversation, sealed: send it with the next message."""

    reply: str
    session_id: str
    suggestions: tuple[str, ...]
    request_id: str


@router.post("/v1/interviews", responses=PROBLEMS, summary="Talk")
async def talk(house: TheHouse, said: Said) -> Heard:
    """One turn: an answer in, the next question out. The same conversation always goes on in the same way."""
    return await house.crew.run(lambda: _heard(said, Ears(house.studio.read, wished)))


def _heard(said: Said, ears: Ears) -> Heard:
    held = said.interview if said.message is None else answer(said.interview, said.message, ears)
    missed = unused(held, ears)
    return Heard(interview=held, turn=next_turn(held, ears), intent=_intent(held, ears), unused=missed)


def _intent(held: Interview, ears: Ears) -> Intent | None:
    try:
        return finish(held, ears)
    except IntentError:  # nothing was said yet from which a feeling could be heard
        return None


@router.post("/interrogate", responses=PROBLEMS, summary="Talk, in the older shape")
async def interrogate(house: TheHouse, question: Question) -> Reply:
    """The same conversation for clients of the older interface."""
    return await house.crew.run(lambda: _replied(question, Ears(house.studio.read, wished), house.seal))


def _replied(question: Question, ears: Ears, seal: Seal) -> Reply:
    held = _unpacked(seal, question.session_id)
    if question.context and not held.answers:
        held = replace(held, answers=(Answer(topic="story", text=question.context),))
    if next_turn(held, ears).topic is not None:
        held = answer(held, question.message, ears)
    turn = next_turn(held, ears)
    reply = " ".join(line for line in (turn.care, turn.mirror, turn.question) if line)
    session_id = seal.close(zlib.compress(codec.to_json(held).encode(), 9))
    return Reply(reply=reply, session_id=session_id, suggestions=turn.suggestions, request_id=uuid.uuid4().hex)


def _unpacked(seal: Seal, session_id: str | None) -> Interview:
    if not session_id:
        return Interview()
    try:
        return codec.from_json(Interview, zlib.decompressobj().decompress(seal.open(session_id), _LONGEST))
    except (ValueError, zlib.error):
        raise IntentError("session_id is none that was given out here; leave it away to begin anew", field="session_id") from None  # fmt: skip
