"""Words that change what the words behind them mean: negation, degree, doubt, and the joints between clauses."""

from __future__ import annotations


def word_set(line: str) -> frozenset[str]:
    return frozenset(line.split())


NEGATORS = word_set(
    "not no never none nobody nothing neither nor without cannot cant can't don't dont doesn't doesnt didn't didnt "
    "isn't isnt aren't arent wasn't wasnt weren't werent won't wont wouldn't wouldnt couldn't couldnt shouldn't "
    "shouldnt ain't aint haven't havent hasn't hasnt hadn't hadnt hardly barely wish wished scarcely rarely seldom lack lacks "
    "forgot forget forgets lacking forgotten ruin ruins ruined cancelled canceled less nope nah"
)
SECOND_HALVES = {
    "from": word_set("far free"),
    "but": word_set("anything"),
    "of": word_set("instead free opposite devoid"),
    "than": word_set("rather"),
    "near": word_set("nowhere"),
    "close": word_set("nowhere"),
    "to": word_set("used"),
    "be": word_set("should"),
}
# "used to be happy" is so no more; "used to being alone" is
ONCE = word_set("be feel have love believe trust hope care enjoy like")
BEING = word_set(
    "am i'm im is it's its was were be been being get gets got getting are we're you're he's she's they're"
)
OUGHT = word_set("i we everyone everything it")
COULD = word_set("could couldn't couldnt can can't cant cannot")
DOUBTED = word_set(
    "i i'm im that it it's its if he he's she she's we we're they they're you you're this"
)  # "I doubt it's love"
STOPPERS = word_set(
    "stop stops stopped quit quits cease ceases ceased refuse refuses refused fail fails failed"
)  # ... doing, ... to do
NO_DOING = word_set(
    "nothing everything something anything morning evening during wedding building king ring spring string thing"
)
NO_ONE = word_set("nobody noone none nothing")  # "not nobody" is somebody
# what an answer that is no more than "no" may hold
ANSWERS = NEGATORS | word_set(
    "at all really i i'm im am is are was it it's its that not even a bit the least ever anymore any more longer way sir thanks thank you think so much"
)
# what is missed or lost is no joy now: these deny joys, so many words far
MISSING, MISSED_REACH = word_set("miss misses missed missing"), 4
MISSED = {**dict.fromkeys(MISSING, MISSED_REACH), **dict.fromkeys(word_set("lost lose loses losing"), 2)}
# what one asks a song to soothe is not what it should sound like: these words deny what is bad behind them ("calm my nerves")
SOOTHING = word_set(
    "calm calms soothe soothes soothing ease eases heal heals relieve relieves settle quiet mend drown forget"
)
NEARLY = word_set("almost nearly")  # a win behind one of these is a loss: "we nearly won the final"
# a loss that stays, where other sadness is a mood: who smiles all the same smiles at what was
LASTING = word_set("grief longing")
ONLY = word_set("just only")  # "not sad, not angry, just empty"
OWN = word_set("my the your his her our their this these all")
SOOTHED_REACH = 3
TAGS = word_set(
    "isn't isnt aren't arent wasn't wasnt weren't werent ain't aint doesn't doesnt don't dont won't wont can't cant"
)
ASKED = word_set("it this that she he they you we i life")  # "isn't it wonderful" denies nothing
FACTS = word_set("that he's she's it's they're he she they")  # "I forget she's dead"
LAUGHS = word_set("lol lmao lmfao rofl haha hahaha lolol 😂 🤣")  # people laugh at the end of bad news too
# what is asked for, not felt; "beat" only where it is no blow
SONGS = word_set(
    "song songs music track tracks beat beats tune tunes piece pieces melody melodies loop instrumental soundtrack score riff bassline"
)
BEHIND_BEAT = word_set("to for with that about like in of and or but so please from where which under over")
# After these a negator does not deny: "not only sad", "no doubt", "not gonna lie", "never felt so free".
UNDENIED = word_set("only just merely simply saying")  # "I'm not saying I was scared, but ..."
# ...and what stands behind one of them alone: "no wonder", "nothing like home"
IDLE = {
    "no": word_set("matter doubt wonder cap joke lie kidding biggie exaggeration"),
    "nothing": word_set("like beats better compares but fancy special much big major"),
    "lost": word_set("in count track"),
    "never": word_set("thought imagined dreamed dreamt expected"),
}
RELENTLESS = word_set("shake stop stopped stopping quit help wait stops")  # "can't stop crying", "can't help but smile"
SUPERLATIVE = word_set("so this such more")  # behind "never": "never felt so alone" is very alone
PERFECT = word_set("never haven't havent hasn't hasnt hadn't hadnt")  # ... and "haven't laughed this hard"
MOST_OF_ALL = PERFECT | {"nothing"}  # "nothing more beautiful than you"
UNSURPASSED = word_set("never couldn't couldnt can't cant cannot nobody nothing none")  # "couldn't be prouder"
COMPARED = word_set("better worse closer stronger lower higher")
TIMES = word_set("week month year morning evening time far summer winter spring autumn song one place")
# Adverbs that say how strongly the next word is meant and nothing else: they are taken out before anything is read.
ADVERBS: dict[str, float] = {
    "very": 1.3, "really": 1.3, "extremely": 1.5, "incredibly": 1.5, "insanely": 1.5, "totally": 1.35, "utterly": 1.5,
    "completely": 1.4, "absolutely": 1.45, "deeply": 1.4, "purely": 1.3, "super": 1.35, "truly": 1.3, "hella": 1.35, "fucking": 1.45,
    "fuckin": 1.45, "freaking": 1.35, "freakin": 1.35, "damn": 1.3, "intensely": 1.4, "overwhelmingly": 1.45, "unbearably": 1.5,
    "terribly": 1.35, "profoundly": 1.4, "exceptionally": 1.4, "immensely": 1.45, "remarkably": 1.25, "especially": 1.2,
    "particularly": 1.2, "highly": 1.3, "hugely": 1.35, "enormously": 1.4, "tremendously": 1.4, "ridiculously": 1.4, "seriously": 1.3,
    "genuinely": 1.2, "literally": 1.15, "unbelievably": 1.45, "exceedingly": 1.45, "thoroughly": 1.3, "entirely": 1.3, "bloody": 1.3,
    "awfully": 1.3, "majorly": 1.3, "wildly": 1.3, "extraordinarily": 1.45, "supremely": 1.4, "decidedly": 1.2, "definitely": 1.15, "quite": 1.1,
}  # fmt: skip
MOST = 2.0  # as strongly as anything is said
# Other words of degree: they stand in phrases too ("so what", "pure joy", "all alone") and are passed over where they do not.
DEGREES: dict[str, float] = {
    **ADVERBS,
    "so": 1.25, "deep": 1.3, "pure": 1.3, "sheer": 1.4, "too": 1.2, "such": 1.2, "most": 1.3, "more": 1.15, "total": 1.35,
    "utter": 1.5, "af": 1.3, "intense": 1.3, "overwhelming": 1.45, "unbearable": 1.5, "profound": 1.4, "raw": 1.2,
    "much": 1.15, "all": 1.1, "absolute": 1.45,
    "slightly": 0.6, "somewhat": 0.65, "little": 0.6, "bit": 0.6, "mildly": 0.6, "kinda": 0.7, "kind": 0.75,
    "sorta": 0.7, "sort": 0.75, "almost": 0.7, "maybe": 0.7, "perhaps": 0.7, "vaguely": 0.6, "faint": 0.6, "faintly": 0.6,
    "subtle": 0.6, "subtly": 0.6, "gentle": 0.8, "quietly": 0.8, "tiny": 0.6, "touch": 0.6, "hint": 0.5, "less": 0.6,
    "exactly": 1.0, "fairly": 0.9, "pretty": 1.1, "rather": 0.95, "mostly": 0.9,
}  # fmt: skip
SKIPPED = word_set("a an the of and it its be been being feel feeling feels felt is am are was were to i you that any at all exactly quite longer")  # fmt: skip
CONTRASTS = word_set("but yet however though although tho nevertheless nonetheless except despite")
CONCESSIONS = word_set("although though despite while")  # at the head of a clause they weaken that clause
JOINTS = word_set("and or then because when while where who which & plus")

ASKED_FOR = word_set(
    "something anything smth sth"
)  # "for a child who is scared, something soft": what is asked for counts
HAPPENS = word_set(
    "is was has had will in inside about that keeps kept i we he she they happened happens comes"
)  # "something is coming" asks for nothing
LISTENERS = word_set(
    "a an the people someone somebody anyone anybody those kids children when days nights any my our"
)  # "calm music for an anxious mind"
THAT_ONE = word_set("he she they who")  # "for my father, who was kind"
FOR_WHOM = 0.45
WHERE, SOME = word_set("in at on"), word_set("a an this that")  # "homesick in a beautiful city" is not beautiful
MANNERS = word_set("way mood voice tone key place manner style fashion")  # ... but "in a good way" says how
IN_PLACE = 0.15
THE_OTHERS = word_set("everyone everybody people they others friends")  # "everyone clapped and i felt nothing"
SELF = word_set("i i'm im me i've ive")
OTHERS = word_set("you him her them us everyone me")  # "I wish you joy" denies nothing

NEGATION_REACH = 4  # content words behind a negator that it can deny
DENIED_VALENCE, DENIED_AROUSAL = -0.5, -0.35  # "not sad" is on the other side, but nearer to the middle
DENIED_PULL = 1.8  # ...and surely there
UNTOLD_PULL = 0.6  # that a bad thing did not happen says less: "I didn't get to say goodbye"
BEFORE_CONTRAST, AFTER_CONTRAST = 0.42, 1.58  # "A but B": B carries the sentence
