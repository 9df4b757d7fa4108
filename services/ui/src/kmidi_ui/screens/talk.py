"""The interview as a chat: questions, mirrors, answers to pick from; at its end an intent, shown whole, and its music."""

from __future__ import annotations

import streamlit as st

from kmidi import IntentError, KmidiError
from kmidi.affect import wished
from kmidi.codec import from_json, to_json
from kmidi.interview import Ears, Interview, answer, correct, finish, next_turn, replay, unused
from kmidi.studio import LocalStudio
from kmidi_ui.components import chat, take
from kmidi_ui.components.look import title

state = st.session_state
ears = Ears(LocalStudio().read, wished)
talk: Interview = state.setdefault("talk", Interview())


def say(text: str) -> None:
    """An answer to the question that stands."""
    go_on(lambda: answer(state.talk, text, ears))


def mend(topic: str, text: str) -> None:
    """An earlier answer, said anew."""
    go_on(lambda: correct(state.talk, topic, text))


def resume() -> None:
    """The conversation in a file that was kept."""
    kept = state.kept
    if kept is not None:
        go_on(lambda: from_json(Interview, kept.getvalue()))
        state.stopped = False


def go_on(changed: chat.Change) -> None:
    """The conversation changes, or it says why it can't."""
    try:
        state.talk = changed()
        state.pop("trouble", None)
        take.forget_moves("talk")
    except IntentError as error:
        state.trouble = str(error)


def stop() -> None:
    """What was said is enough."""
    state.stopped = True


def anew() -> None:
    """Nothing was said yet."""
    state.talk, state.stopped = Interview(), False
    state.pop("trouble", None)
    take.forget_moves("talk")


title("Talk with me", "A few questions, one at a time. Skip what you like, stop when you like; what you said becomes the music.")  # fmt: skip
turn = next_turn(talk, ears)
done = turn.topic is None or state.get("stopped", False)
for number, told in enumerate(replay(talk, ears)):
    chat.exchange(number, told, mend)
if turn.care:
    st.info(turn.care, icon=":material/favorite:")
if "trouble" in state:
    st.error(state.trouble, icon=":material/error:")
if not done:
    chat.ask(turn, say)
chat.tools(to_json(talk), begun=bool(talk.answers), done=done, stop=stop, anew=anew, resume=resume)
if done:
    try:
        intent = finish(talk, ears)
        chat.whole(intent, unused(talk, ears))
        take.show(intent, "talk")
    except KmidiError as error:
        st.error(str(error), icon=":material/error:")
