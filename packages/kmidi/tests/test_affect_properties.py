"""What holds for every reading: degree, denial, order, any text, and the order of settings."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bench.denials import FRAMES, clear_words, turned
from kmidi import Feeling, Intent, IntentError
from kmidi.affect import feel, structure, wished
from kmidi.tables import emotions

CLEAR = ("happy", "sad", "angry", "calm", "lonely", "excited", "afraid", "peaceful", "proud", "furious", "hopeful", "miserable", "terrible", "beautiful", "awful", "wonderful")  # fmt: skip


@pytest.mark.parametrize("word", CLEAR)
@pytest.mark.parametrize("degree", ["very", "really", "extremely", "so"])
def test_a_word_of_degree_never_lowers_intensity(word: str, degree: str) -> None:
    plain, strong = feel(Intent(text=f"I am {word}")), feel(Intent(text=f"I am {degree} {word}"))
    assert strong.intensity >= plain.intensity
    assert abs(strong.valence) >= abs(plain.valence)


PLACES = (
    "I am {} that my old dog died", "the {} rain fell all night", "not {} at all", "she was {} but I was {}", "from {} to {}",
    "it was a {} day, though everyone was {}", "{} and {}", "I miss my {} grandmother", "why is everything so {}?",
    "happy, {} and alone", "I never felt {}", "my {} boss shouted at me and I felt {}!", "a {} song in D minor, no drums",
)  # fmt: skip
QUALITIES = (*CLEAR, "tired", "old", "loud", "strange", "empty", "small", "green", "broken", "warm", "cold", "quiet", "long", "unknown")  # fmt: skip


@given(st.sampled_from(PLACES), st.lists(st.sampled_from(QUALITIES), min_size=2, max_size=2), st.integers(0, 1))
@settings(max_examples=150)
def test_very_never_lowers_the_intensity_of_any_sentence(frame: str, words: list[str], where: int) -> None:
    stressed = [f"very {word}" if at == where or frame.count("{}") == 1 else word for at, word in enumerate(words)]
    plain, strong = feel(Intent(text=frame.format(*words))), feel(Intent(text=frame.format(*stressed)))
    assert strong.intensity >= plain.intensity, (plain, strong)


@pytest.mark.parametrize("word", CLEAR)
@pytest.mark.parametrize("frame", ["I am {}", "it makes me feel {}", "she was {} yesterday"])
def test_denial_turns_the_sign_of_a_clear_word(word: str, frame: str) -> None:
    said = feel(Intent(text=frame.format(word))).valence
    denied = feel(Intent(text=frame.format("not " + word))).valence
    assert said * denied < 0, (said, denied)


@pytest.mark.parametrize("turn", range(2))
def test_denial_turns_the_sign_of_every_clear_word_of_the_vocabulary(turn: int) -> None:
    """Each word in some of the frames in turn; bench.words has every word in every frame."""
    wrong = [
        (text, said, denied)
        for at, word in enumerate(clear_words())
        for frame in FRAMES[(at + 8 * turn) % 16 :: 16]
        for text, said, denied in [turned(word, frame)]
        if said * denied >= 0
    ]
    assert not wrong


def test_denials_and_words_are_many() -> None:
    assert (len(FRAMES), len(clear_words())) >= (40, 600)


@given(
    st.sampled_from(CLEAR),
    st.sampled_from(["I am {}", "the whole day was {}", "everybody felt {} there"]),
    st.booleans(),
)
@settings(max_examples=60)
def test_denying_twice_or_with_degree_keeps_the_other_side(word: str, frame: str, very: bool) -> None:
    said = feel(Intent(text=frame.format(word))).valence
    denied = feel(Intent(text=frame.format("not very " + word if very else "not " + word)))
    assert said * denied.valence < 0, (said, denied)


@pytest.mark.parametrize("word", ["happy", "sad", "angry", "calm", "afraid", "proud", "hopeful", "miserable"])
@pytest.mark.parametrize(
    "frame",
    ["I don't feel {}", "I am no longer {}", "she isn't {} anymore", "never {}", "not at all {}", "not that {}", "I can't say I'm {}", "it's not like I am {}", "I don't think I am {}", "he is not even {}", "am I {}? no.", "{}? not at all", "I ain’t {}", "i aint {}", "I cant feel {}",
     "hardly {}", "nobody is {} here", "I am far from {}", "anything but {}", "I stopped being {}", "less {} now", "not the least bit {}",
     "without being {}", "No, I am not {}", "not very very {}", "not even a little {}", "I have never been less {}"],
)  # fmt: skip
def test_denial_is_heard_in_every_frame(frame: str, word: str) -> None:
    assert feel(Intent(text=frame.format(word))).valence * feel(Intent(text=f"I am {word}")).valence < 0


@pytest.mark.parametrize("sentence", ["i cant {}stop crying", "I don't feel {}anything", "not {}bad at all", "he left me for {}someone else", "she said yes {}again", "my {}wife is in labor"])  # fmt: skip
@pytest.mark.parametrize("degree", ["very ", "really "])
def test_degree_within_a_phrase_leaves_the_phrase(sentence: str, degree: str) -> None:
    plain, strong = feel(Intent(text=sentence.format(""))), feel(Intent(text=sentence.format(degree)))
    assert strong.intensity >= plain.intensity


@pytest.mark.parametrize(
    ("sentence", "same"),
    [
        ("I am never not {}", 1), ("I have never felt so {}", 1), ("I haven't felt this {} in years", 1), ("no, I am {}", 1),
        ("not only {}", 1), ("are you {}? yes", 1), ("I am not {}? no", 1), ("I can't stop being {}", 1), ("I stopped being {}", -1),
    ],
)  # fmt: skip
@pytest.mark.parametrize("word", ["happy", "sad", "angry", "hopeful", "miserable"])
def test_a_denial_that_denies_nothing_leaves_the_side(sentence: str, same: int, word: str) -> None:
    assert feel(Intent(text=sentence.format(word))).valence * feel(Intent(text=f"I am {word}")).valence * same > 0


LINES = [
    line.rsplit("|", 1)[0]
    for line in (Path(__file__).parent / "sentences.txt").read_text(encoding="utf-8").splitlines()
    if "|" in line and not line.startswith("#")
]


@given(
    st.sampled_from(LINES), st.sampled_from(["very", "really", "extremely", "VERY", "veryyy", "very very", "utterly"]), st.floats(0, 1)
)  # fmt: skip
@settings(max_examples=200)
def test_very_at_any_place_of_any_sentence_lowers_nothing(line: str, degree: str, where: float) -> None:
    words = line.split(" ")
    at = int(where * len(words))
    if at == len(words) and degree in ("really", "extremely", "utterly"):
        return  # "really" may stand for itself at the end
    stressed = " ".join((*words[:at], degree, *words[at:]))
    plain, strong = feel(Intent(text=line)), feel(Intent(text=stressed))
    assert strong.intensity >= plain.intensity, (plain, strong)
    assert all(stressed[e.start : e.end] == e.words for e in strong.evidence)


@given(
    st.sampled_from(LINES), st.sampled_from(["so", "too", "so very", "pretty much", "such a", "way too", "just so", "more and more"]), st.floats(0, 1)
)  # fmt: skip
@settings(max_examples=200)
def test_so_and_too_before_a_feeling_lower_nothing(line: str, degree: str, where: float) -> None:
    plain = feel(Intent(text=line))
    named = [e.start for e in plain.evidence if e.note and e.words.isalpha() and line[: e.start][-1:] in ("", " ")]
    if not named:
        return
    at = named[min(len(named) - 1, int(where * len(named)))]
    assert feel(Intent(text=f"{line[:at]}{degree} {line[at:]}")).intensity >= plain.intensity


def test_how_a_text_is_written_hides_no_side_of_it() -> None:
    for line in LINES:
        assert len(line.upper()) != len(line) or structure.hidden(line.upper()) == structure.hidden(line), line
    (shown, meant, _), *_ = structure.hidden("JOY HİDDEN UNDER GRIEF")
    assert (shown.end, meant.end) == (22, 3)


def test_who_never_came_does_not_leave() -> None:
    assert structure.stages("he came at nine. he left at ten")[1]
    assert not structure.stages("the bus never came. everybody left early")[1]


def unrelated(line: str) -> bool:
    """True for a clause that leans on nothing before or behind it: no turn, no stage, no two sides, no irony, no wish."""
    read = feel(Intent(text=line))
    alone = len(read.trajectory) == 1 and read.surface is None and not read.wishes
    structured = (
        len(structure.stages(f"and {line}")[0]) > 1
        or structure.reversed_stages(line)
        or structure.hidden(f"this, and {line}, and that")
    )
    mocked = structure.ironic(line) or structure.thanked(line) or any(e.note == "ironic" for e in read.evidence)
    return alone and not structured and not mocked and len(line.split()) < 10 and not set(line) & set(".;!?()")


CLAUSES = [line for line in dict.fromkeys(LINES) if unrelated(line)]


@given(
    st.lists(st.sampled_from(CLAUSES), min_size=2, max_size=4, unique=True).flatmap(
        lambda few: st.tuples(st.just(few), st.permutations(few))
    ),
    st.sampled_from([". ", ", and ", "; "]),
)
@settings(max_examples=200)
def test_the_order_of_unrelated_clauses_means_nothing(orders: tuple[list[str], list[str]], joint: str) -> None:
    first, other = (feel(Intent(text=joint.join(order) + joint.strip(", and"))) for order in orders)
    assert (first.valence, first.arousal, first.intensity) == pytest.approx(
        (other.valence, other.arousal, other.intensity), abs=0.02
    )


@pytest.mark.parametrize(
    ("one", "two", "joint"),
    [
        ("reggae, sunny, no worries", "I am sad", ", and "),
        ("bass drop that feels like jumping into cold water", "I am sad", ", and "),
        ("bass heavy, angry, distorted, like kicking down a door", "I am sad", ", and "),
        ("though I'm scared, I love her", "I am sad", ", and "),
        ("rly need smth to calm my nerves", "homesick and lonely", ". "),
        ("in love for the first time", "at the end of my rope", ". "),
        ("first day of chemo", "at the end of my rope", "; "),
        ("the bus never came", "so done w ppl", ". "),
        ("rly need smth to calm my nerves", "she's marrying someone else on saturday", "; "),
    ],
)
def test_a_clause_is_read_the_same_first_and_last(one: str, two: str, joint: str) -> None:
    first, last = (feel(Intent(text=joint.join(order))) for order in ((one, two), (two, one)))
    assert (first.valence, first.arousal, first.wishes) == (
        pytest.approx(last.valence, abs=0.02), pytest.approx(last.arousal, abs=0.02), last.wishes
    )  # fmt: skip


@given(st.text(alphabet=st.characters(exclude_categories=["Cs", "Cc"]), min_size=1, max_size=300))
@settings(max_examples=200)
def test_any_text_returns_an_affect_whose_spans_hold(text: str) -> None:
    if not text.strip():
        return
    read = feel(Intent(text=text))
    assert all(text[e.start : e.end] == e.words for e in read.evidence)
    assert read.confidence > 0 or read.warnings
    wished(Intent(text=text), read)


@pytest.mark.parametrize("text", ["ǅ👍", "ꙮꙮ 👍", "qzx 😭"])
def test_a_sign_among_words_that_were_not_read_is_read_with_little_confidence(text: str) -> None:
    read = feel(Intent(text=text))
    assert 0 < read.confidence < 0.5
    assert read.evidence


@pytest.mark.parametrize(
    "unit",
    ["not sad but ", "from a to b ", "a", "😭", "on the outside ", "pretend ", "1/2 ", "piano, ", "slow, ", "?!"],
)
def test_a_text_as_long_as_is_legal_is_read(unit: str) -> None:
    text = (unit * 20_000)[:20_000]
    assert feel(Intent(text=text)).confidence <= 1


def test_what_was_set_wins_and_keeps_the_words() -> None:
    read = feel(Intent(text="grief that slowly opens into hope", valence=0.5))
    assert (read.valence, read.reader) == (0.5, "set")
    assert len(read.trajectory) == 2
    assert read.evidence
    path = (Feeling(valence=-1, arousal=0), Feeling(valence=1, arousal=0))
    assert feel(Intent(text="rage", trajectory=path)).trajectory == path
    assert feel(Intent(text="rage", emotion="serenity")).valence > 0


@pytest.mark.parametrize("row", emotions().values(), ids=lambda row: row.id)
def test_every_name_and_synonym_finds_its_feeling(row: object) -> None:
    for word in (row.id, row.name, *row.synonyms):  # type: ignore[attr-defined]
        read = feel(Intent(emotion=word))
        assert read.emotion == row.id  # type: ignore[attr-defined]


def test_an_unknown_emotion_names_its_neighbour() -> None:
    with pytest.raises(IntentError, match="did you mean 'grief'"):
        feel(Intent(emotion="greif"))


def test_an_outcome_is_the_end_of_the_path() -> None:
    read = feel(Intent(core_event="my father died", core_wound="I never said goodbye", outcome="peace and acceptance"))
    assert read.trajectory[0].valence < -0.3
    assert read.trajectory[-1].valence > 0.3


def test_a_wish_that_cannot_be_met_is_said() -> None:
    read = feel(Intent(text="happy at 900 bpm in 11/8"))
    assert not read.wishes
    assert len(read.warnings) == 2


def test_what_is_set_wins_over_a_wish() -> None:
    intent = Intent(text="slow sad waltz in D minor for 16 bars, no drums", bpm=100, mode="dorian", seconds=60)
    done = wished(intent, feel(intent))
    assert (done.bpm, done.key, done.mode, done.meter, done.bars, done.without) == (
        100,
        "D",
        "dorian",
        "3/4",
        None,
        ("drums",),
    )
