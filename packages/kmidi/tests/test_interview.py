"""The conversation: twelve stories become Intents, and each answer is heard in the plan."""

from __future__ import annotations

from dataclasses import replace

import pytest

from bench.talk import FREE, SETTLED, STORIES, SUGGESTED, TYPED, asked, beside_the_voice
from bench.talk import planned as planned_with
from kmidi import Intent, IntentError, Plan
from kmidi.affect import feel, wished
from kmidi.codec import from_json, to_json
from kmidi.interview import TOPICS, Answer, Ears, Interview, Topic, answer, correct, finish, next_turn, replay, unused
from kmidi.studio import LocalStudio

EARS = Ears(feel, wished)
REPLIES = {
    "wound": "I never said goodbye",
    "desire": "peace",
    "outcome": "hope, quietly",
    "exposure": "half open",
    "rule": "none",
    "frame": "slow, only piano, in D minor",
}


def held(story: str, **replies: str) -> Interview:
    talk, said = Interview(seed=3), {**REPLIES, "story": story, **replies}
    for _ in range(8):
        topic = next_turn(talk, EARS).topic
        if topic is None:
            return talk
        talk = answer(talk, said[topic], EARS)
    raise AssertionError("the interview does not end")


def planned(talk: Interview) -> Plan:
    return LocalStudio().plan(finish(talk, EARS))


@pytest.mark.parametrize("story", STORIES)
def test_a_story_becomes_a_whole_intent_in_at_most_seven_answers(story: str) -> None:
    talk = held(story)
    intent = finish(talk, EARS)
    assert len(talk.answers) <= 7
    assert intent.core_event == story
    assert (intent.outcome, intent.vulnerability, intent.rule_breaks) == ("hope, quietly", 0.5, ())
    assert (intent.key, intent.mode, intent.instruments) == ("D", "aeolian", ("piano",))
    assert unused(talk, EARS) == ()
    assert planned(talk).key.is_minor


def test_each_answer_is_heard_in_the_plan() -> None:
    story = STORIES[0]
    base = planned(held(story))
    brighter = planned(held(story, outcome="triumph and joy"))
    darker = planned(held(story, outcome="it stays sad, without comfort"))
    assert brighter.affect.at(1).valence > base.affect.at(1).valence - 1e-9 > darker.affect.at(1).valence
    assert planned(held(story, frame="fast, in E major")).bpm > base.bpm
    assert planned(held(story, wound="I am furious about it")).affect.arousal > base.affect.arousal
    broken = planned(held(story, rule="avoid tonic resolution because it never ended"))
    assert [b.id for b in broken.rule_breaks] == ["avoid_tonic_resolution"]
    assert base.rule_breaks == ()
    naked, guarded = finish(held(story, exposure="naked"), EARS), finish(held(story, exposure="guarded"), EARS)
    assert planned(held(story, exposure="naked")).humanize > planned(held(story, exposure="guarded")).humanize
    assert (naked.vulnerability or 0) > 0.5 > (guarded.vulnerability or 0)


def test_an_answer_that_cannot_be_used_is_asked_again_once_and_then_left() -> None:
    talk = answer(Interview(), "qwpoei zmxnc", EARS)
    again = next_turn(talk, EARS)
    assert again.topic == "story"
    assert again.question != next_turn(Interview(), EARS).question
    talk = answer(talk, "zzkqj", EARS)
    assert next_turn(talk, EARS).topic != "story"
    assert len(unused(talk, EARS)) == 2


def test_a_question_back_is_no_wound() -> None:
    talk = answer(answer(Interview(), "my dog died", EARS), "what is the weather tomorrow", EARS)
    assert next_turn(talk, EARS).topic == "wound"
    assert len(unused(talk, EARS)) == 1


def test_skipping_everything_leaves_nothing_to_play() -> None:
    talk = Interview()
    while next_turn(talk, EARS).topic is not None:
        talk = answer(talk, "skip", EARS)
    assert len(talk.answers) <= 7
    with pytest.raises(IntentError, match="nothing was said"):
        finish(talk, EARS)


def test_every_turn_offers_answers_and_a_way_past() -> None:
    talk = Interview()
    for _ in TOPICS:
        turn = next_turn(talk, EARS)
        assert turn.suggestions[-1] == "skip"
        assert 2 <= len(turn.suggestions) - 1 <= 3
        talk = answer(talk, turn.suggestions[0], EARS)
    assert next_turn(talk, EARS).topic is None
    assert unused(talk, EARS) == ()


@pytest.mark.parametrize(
    ("story", "tactless"),
    [
        ("my dad died in march", "joy"),
        ("we won the final in the last minute!", "left alone"),
        ("we won the final!", "sad"),
    ],
)
def test_no_answer_is_offered_that_speaks_against_the_story(story: str, tactless: str) -> None:
    """And each answer that is offered can be used."""
    talk = Interview()
    said: dict[Topic, str] = {"story": story}
    while (turn := next_turn(talk, EARS)).topic is not None:
        assert tactless not in " ".join(turn.suggestions)
        for offer in turn.suggestions[:-1] if turn.topic != "story" else ():
            assert unused(answer(talk, offer, EARS), EARS) == ()
        talk = answer(talk, said.get(turn.topic, turn.suggestions[0]), EARS)


def test_what_is_dear_in_a_loss_is_mirrored_as_missed() -> None:
    dear = "He greeted me so happily at the door every evening"
    talk = answer(answer(Interview(), "My dog died in March", EARS), dear, EARS)
    assert "it was dear, and it is missed" in next_turn(talk, EARS).mirror
    talk = answer(answer(Interview(), "We got a puppy, pure joy", EARS), dear, EARS)
    assert "pleasant" in next_turn(talk, EARS).mirror


def test_it_mirrors_in_the_persons_own_words() -> None:
    assert "furious" in next_turn(answer(Interview(), "I am furious at him", EARS), EARS).mirror


@pytest.mark.parametrize(
    "said", ["I want to die", "I wish I was dead", "I want to kill myself", "nobody would miss me"]
)
def test_who_is_at_the_bottom_is_not_told_of_disgust(said: str) -> None:
    assert ": despair, unpleasant" in next_turn(answer(Interview(), said, EARS), EARS).mirror


def test_it_can_be_kept_resumed_and_corrected() -> None:
    talk = held(STORIES[2])
    assert from_json(Interview, to_json(talk)) == talk
    cut = replace(talk, answers=talk.answers[:3])
    assert next_turn(from_json(Interview, to_json(cut)), EARS) == next_turn(cut, EARS)
    mended = correct(talk, "outcome", "rage")
    assert finish(mended, EARS).outcome == "rage"
    assert len(mended.answers) == len(talk.answers)
    with pytest.raises(IntentError, match="unknown topic"):
        correct(talk, "outcom", "x")


def test_words_of_crisis_get_a_kind_line_and_the_talk_goes_on() -> None:
    turn = next_turn(answer(Interview(), "I want to die since she left", EARS), EARS)
    assert "988" in turn.care
    assert turn.topic is not None
    assert next_turn(answer(Interview(), "my dog died", EARS), EARS).care == ""


def test_an_intent_is_shown_whole() -> None:
    assert set(finish(held(STORIES[0]), EARS).set_fields()) >= {"core_event", "core_wound", "core_desire", "outcome"}
    assert isinstance(finish(held(STORIES[1]), EARS), Intent)


# every answer of every topic beside every other, in two talks: the conversation's own offers after three stories,
# people's words after one
@pytest.mark.parametrize("story", STORIES[::6])
def test_two_talks_that_differ_in_one_answer_differ_as_the_answer_says(story: str) -> None:
    wrong = [
        case for table, stories in ((None, (story,)), (TYPED, (story,))) for case in asked(stories, table) if case[-1]
    ]
    assert not wrong


@pytest.mark.parametrize("rest", [FREE, SETTLED], ids=["free", "settled"])
def test_the_more_exposed_the_thinner_and_softer_it_sounds_beside_the_voice(rest: dict[Topic, str]) -> None:
    guarded, half, naked = (
        beside_the_voice(planned_with(STORIES[0], rest, "exposure", said.text)) for said in SUGGESTED["exposure"]
    )
    assert guarded[0] > naked[0]
    assert guarded[1] > half[1] > naked[1]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("yes, break it", True), ("ok", True), ("never resolve it because it is not over", "avoid_tonic_resolution"), ("rubato", "tempo_fluctuation"),
        ("Polytonality", "polytonality"), ("no resolution", "avoid_tonic_resolution"), ("no", None), ("please keep all the rules", None), ("end it open, like a question", "unresolved_dissonance"), ("hide the melody", "buried_voice"), ("put the climax first", "premature_climax"),
    ],
)  # fmt: skip
def test_a_rule_is_heard_in_peoples_words(text: str, said: str | bool | None) -> None:
    broken = finish(held(STORIES[0], rule=text), EARS).rule_breaks
    assert broken is not None
    assert bool(broken) == bool(said)
    assert said in (True, None) or broken == (said,)


@pytest.mark.parametrize(
    ("text", "fields"),
    [
        ("rock", {"genre": "alternative"}), ("folky, 90", {"genre": "indie_folk", "bpm": 90}), ("short and fast", {"bpm": 144, "seconds": 45}),
        ("something jazzy", {"genre": "jazz_trio"}), ("hip hop beat around 85", {"genre": "hip_hop", "bpm": 85}), ("gloomy and slow, cello", {"text": "gloomy and slow, cello", "bpm": 64}), ("in E minor, long", {"key": "E", "seconds": 240}),
    ],
)  # fmt: skip
def test_how_it_should_sound_may_be_said_in_a_bare_word(text: str, fields: dict[str, object]) -> None:
    done = finish(held(STORIES[0], frame=text), EARS)
    assert {name: getattr(done, name) for name in fields} == fields


@pytest.mark.parametrize(
    ("text", "share"),
    [("don't hide anything", 0.85), ("not naked", 0.2), ("not that open", 0.2), ("unguarded", 0.85), ("no walls", 0.85), ("a lot", 0.85), ("not too much please", 0.2), ("behind a mask", 0.2), ("pretty raw", 0.7), ("no", 0.2), ("yes", 0.85)],
)  # fmt: skip
def test_how_exposed_is_heard_in_denials(text: str, share: float) -> None:
    assert finish(held(STORIES[0], exposure=text), EARS).vulnerability == share


@pytest.mark.parametrize("story", STORIES)
def test_every_answer_given_changes_the_plan(story: str) -> None:
    whole = held(story)
    for given in whole.answers:
        rest = replace(whole, answers=tuple(a for a in whole.answers if a.topic != given.topic))
        if given.topic == "rule":  # none is a promise: no rule breaks by itself either
            assert planned(whole).rule_breaks == ()
        else:
            assert planned(rest) != planned(whole), given


@pytest.mark.parametrize("story", STORIES)
def test_the_wound_is_asked_for_before_what_it_should_sound_like(story: str) -> None:
    order = [given.topic for given in held(story).answers]
    assert order[0] == "story"
    assert order.index("wound") < min(order.index(topic) for topic in ("exposure", "frame", "rule"))


@pytest.mark.parametrize(
    "nothing", ["nothing", "None.", "nothing hurts", "no", "nothing really", "it doesn't hurt", "n/a"]
)
def test_nothing_is_no_wound(nothing: str) -> None:
    talk = held("our baby was born this morning, pure joy", wound=nothing)
    assert finish(talk, EARS).core_wound is None
    assert unused(talk, EARS) == ()
    assert sum(given.topic == "wound" for given in talk.answers) == 1


def test_what_stands_behind_nothing_counts() -> None:
    talk = held("we won the final in the last minute!", wound="Nothing hurts, it is joy")
    assert finish(talk, EARS).core_wound == "it is joy"
    assert finish(held(STORIES[0], wound="nothing hurts more than silence"), EARS).core_wound is not None


def test_it_is_told_as_it_went() -> None:
    talk = held(STORIES[4])
    told = replay(talk, EARS)
    assert [one.answer for one in told] == list(talk.answers)
    assert "furious" in told[0].mirror
    assert replay(from_json(Interview, to_json(talk)), EARS) == told


def test_only_how_it_should_sound_is_no_feeling_yet() -> None:
    with pytest.raises(IntentError, match="nothing was said"):
        finish(Interview(answers=(Answer(topic="exposure", text="naked"),)), EARS)


@pytest.mark.parametrize(
    ("text", "share"),
    [("7 out of 10", 0.7), ("3/10", 0.3), ("80%", 0.8), ("0.4", 0.4), ("100", 1.0), ("7", 0.7), ("not at all", 0.2), ("totally", 0.85), ("a little", 0.2)],
)  # fmt: skip
def test_how_exposed_is_heard_in_any_form(text: str, share: float) -> None:
    talk = Interview(answers=(Answer(topic="story", text="grief"), Answer(topic="exposure", text=text)))
    assert finish(talk, EARS).vulnerability == share


def test_a_musical_wish_is_kept_to_whatever_was_asked() -> None:
    talk = Interview(
        answers=(Answer(topic="story", text="grief"), Answer(topic="exposure", text="only cello, in D minor"))
    )
    done = finish(talk, EARS)
    assert (done.key, done.mode, done.instruments, done.vulnerability) == ("D", "aeolian", ("cello",), None)
    assert not unused(talk, EARS)


def test_the_end_may_be_brighter_darker_or_where_it_began() -> None:
    ends = {}
    for text in ("brighter", "darker", "where it began"):
        talk = Interview(answers=(Answer(topic="story", text="we broke up"), Answer(topic="outcome", text=text)))
        assert not unused(talk, EARS)
        path = feel(finish(talk, EARS)).trajectory
        ends[text] = path[-1].valence - path[0].valence
    assert ends["brighter"] > 0.3
    assert ends["where it began"] == 0
    assert ends["darker"] < ends["brighter"]


@pytest.mark.parametrize(
    "text",
    ["I'd rather be dead", "i took all the pills", "i don't want to be here anymore", "kms", "thinking about ending it", "me quiero morir", "i wish i was never born"],
)  # fmt: skip
def test_more_words_of_crisis(text: str) -> None:
    assert next_turn(answer(Interview(), text, EARS), EARS).care


@pytest.mark.parametrize(
    "text",
    [
        "this traffic is killing me",
        "I hurt myself laughing",
        "I would die for her",
        "kill the boss",
        "the end of it all was love",
    ],
)
def test_words_that_only_sound_like_crisis(text: str) -> None:
    assert not next_turn(answer(Interview(), text, EARS), EARS).care


@pytest.mark.parametrize("text", ["what do you mean?", "why?", "huh", "??", "who are you?"])
def test_a_question_back_is_no_story(text: str) -> None:
    turn = next_turn(answer(Interview(), text, EARS), EARS)
    assert turn.topic == "story"
    assert not turn.mirror


def test_another_language_is_told_in_the_talk() -> None:
    turn = next_turn(answer(Interview(), "estoy muy triste porque mi perro murió", EARS), EARS)
    assert "Spanish" in turn.mirror


def test_what_was_dear_in_a_loss_is_missed() -> None:
    loss, dear = "my dog died on Tuesday", "he greeted me every evening"
    assert feel(Intent(text=dear)).valence > 0
    assert feel(Intent(core_event=loss, core_wound=dear)).valence < -0.3
    assert feel(Intent(core_event="my daughter graduated!!!", core_wound="that we did it together")).valence > 0.5


@pytest.mark.parametrize("said", ["no drums", "no bass, please"])
def test_a_player_left_out_is_no_rule_refused(said: str) -> None:
    intent = finish(held(STORIES[0], rule=said), EARS)
    assert intent.rule_breaks is None
    assert intent.without == (said.removeprefix("no ").removesuffix(", please"),)


def test_what_was_said_already_is_not_asked_again() -> None:
    talk = held(STORIES[0])
    assert next_turn(talk, EARS).topic is None
    asked_twice = answer(answer(Interview(), STORIES[0], EARS), "already said", EARS)
    assert next_turn(asked_twice, EARS).topic == "desire"


@pytest.mark.parametrize(
    ("topic", "said", "field", "value", "mirror"),
    [
        (
            "exposure",
            "naked, only piano",
            "instruments",
            ("piano",),
            "85% exposed. I will keep to it: instruments piano.",
        ),
        ("exposure", "very open, but keep it slow", "bpm", 64, "85% exposed. I will keep to it: bpm 64."),
        ("rule", "yes, and in D minor", "key", "D", "suits this best. I will keep to it: key D minor."),
        ("rule", "no, keep it in C major", "key", "C", "No rule will break. I will keep to it: key C major."),
    ],
)
def test_a_musical_wish_beside_an_answer_is_kept_to(
    topic: Topic, said: str, field: str, value: object, mirror: str
) -> None:
    story = Answer(topic="story", text="My father died last winter")
    talk = Interview(answers=(story, Answer(topic=topic, text=said)))
    assert replay(talk, EARS)[-1].mirror.endswith(mirror)
    intent = finish(talk, EARS)
    assert intent.set_fields()[field] == value
    assert intent.text is None  # the story alone tells what is felt
    bare = finish(replace(talk, answers=(story, Answer(topic=topic, text=said.split(",")[0]))), EARS)
    assert (intent.vulnerability, intent.rule_breaks) == (bare.vulnerability, bare.rule_breaks)


@pytest.mark.parametrize(("topic", "said"), [("exposure", "hidden behind drums"), ("rule", "never on the beat")])
def test_what_only_sounds_like_a_wish_beside_an_answer_is_none(topic: Topic, said: str) -> None:
    talk = Interview(answers=(Answer(topic="story", text="My father died last winter"), Answer(topic=topic, text=said)))
    intent = finish(talk, EARS)
    assert (intent.instruments, intent.including) == (None, ())
