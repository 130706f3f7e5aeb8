"""Words for rewordings: verbs by what they do, other words for what fields say, what is polite.

All stand in a dictionary; verbs and nouns are of WordNet's senses of what the robot does and handles (walk.v.1,
swivel.v.1, seize.v.1, put.v.1, transport.v.2, cup.n.1, box.n.1, ... and what is a kind of these). No word that the
language of the course keeps for tests of paraphrase is among them: `tests/learning/test_rewording.py` holds that.
"""

from collections.abc import Mapping
from typing import Final


def _words(text: str) -> tuple[str, ...]:
    return tuple(word.strip().replace("_", " ") for word in text.split())


VERBS: Final[Mapping[str, tuple[str, ...]]] = {
    "stride": _words(
        "stroll march stride hike tread amble trudge plod proceed advance travel progress hurry wade tramp limp shuffle"
        " waddle saunter creep rush run hasten strut tiptoe wander prowl roll speed jog"
    ),
    "pivot": _words(
        "pivot swivel revolve wheel whirl twirl swing swerve twist veer gyrate circle bend reorient swirl"
    ),
    "gaze": _words("gaze stare glance peer peek squint peep gape goggle"),
    "inspect": _words(
        "inspect examine observe survey view scan regard study eye monitor contemplate admire behold check consider"
        " follow"
    ),
    "spot": _words("spot detect discover notice spy recognize discern seek see perceive sight"),
    "grope": _words("grope strain fumble lunge grapple lean"),
    "gesture": _words("gesture motion signal aim sign gesticulate nod"),
    "designate": _words("designate identify mark highlight flag signal specify pinpoint single_out"),
    "seize": _words(
        "seize clutch clasp grip snatch catch collect hoist elevate heave gather nab retrieve capture pluck scoop_up"
        " gather_up snatch_up hoist_up fetch clench claw obtain acquire heft take_up"
    ),
    "lay": _words(
        "lay deposit rest plant park lodge stick leave situate station install settle drop arrange fix release"
        " pose seat"
    ),
    "carry": _words(
        "carry transport haul lug cart drag push shove nudge slide pull convey relocate tug bear tow roll deliver"
        " thrust press conduct draw"
    ),
    "hand": _words("hand pass fetch pour deliver convey supply present carry furnish render send"),
    "neaten": _words("neaten straighten arrange organize sort declutter cleanse"),
    "wait": _words("halt pause wait remain rest linger cease desist idle"),
}
"""verbs that stand for each other in a frame"""

OTHER_WORDS: Final[Mapping[str, tuple[str, ...]]] = {
    "cup": _words("teacup goblet beaker tumbler chalice stein glass wineglass"),
    "box": _words("crate case chest package parcel packet cube brick casket"),
    "ball": _words("globe orb marble balloon bead pellet"),
    "bottle": _words("carafe decanter vial jug phial flagon pitcher"),
    "bowl": _words("basin saucer pot tureen washbowl ramekin"),
    "cylinder": _words("tube canister drum barrel pipe tubing"),
    "red": _words("scarlet ruby vermilion cherry carmine reddish maroon"),
    "green": _words("emerald olive lime jade greenish teal"),
    "blue": _words("azure navy sapphire bluish cobalt turquoise"),
    "yellow": _words("golden amber lemon yellowish saffron"),
    "orange": _words("tangerine apricot orangish"),
    "purple": _words("mauve lilac lavender magenta purplish"),
    "white": _words("ivory snowy whitish chalky alabaster"),
    "black": _words("ebony jet inky blackish sable"),
    "thing": _words("item article piece gadget stuff entity"),
    "person": _words("man woman guest user fellow lady gentleman individual visitor adult guy operator"),
    "table": _words("bench worktop stand board tabletop worktable"),
    "drink": _words("beverage refreshment"),
    "beside": _words("near close_to adjacent_to right_beside by_the_side_of not_far_from nearby"),
    "on top of": _words("atop upon on_the_top_of up_on"),
    "left of": _words("leftwards_of on_the_left_hand_of"),
    "right of": _words("rightwards_of on_the_right_hand_of"),
    "forward": _words("onward onwards frontward frontwards"),
    "backward": _words("rearward rearwards hindward"),
    "on your left": _words("at_your_left by_your_left_side"),
    "on your right": _words("at_your_right by_your_right_side"),
    "to my left": _words("at_my_left by_my_left_side"),
    "to my right": _words("at_my_right by_my_right_side"),
    "with your left hand": _words(
        "by_your_left_hand left_handed with_your_left_fingers with_your_left_gripper"
    ),
    "with your right hand": _words(
        "by_your_right_hand right_handed with_your_right_fingers with_your_right_gripper"
    ),
    "left side of": _words("left_half_of left_part_of left_edge_of leftmost_part_of"),
    "right side of": _words("right_half_of right_part_of right_edge_of rightmost_part_of"),
    "middle of": _words("midpoint_of heart_of midst_of"),
    "steps": _words("strides footsteps footfalls"),
}
"""other words for what a sentence says"""

SAME: Final[Mapping[str, str]] = {
    "block": "box",
    "can": "cylinder",
    "object": "thing",
    "next to": "beside",
    "forwards": "forward",
    "back": "backward",
    "on": "on top of",
    "to your left": "on your left",
    "to your right": "on your right",
}
"""what is said otherwise as another word is"""

OPENINGS: Final = (
    *("you can", "you should", "you must", "you ought to", "you are to", "time to", "be sure to"),
    *("be so good as to", "be so kind as to", "do me a favour and", "do us a favor and", "come on and"),
    *("machine", "buddy", "friend", "my friend", "humanoid", "assistant", "sir", "listen", "well", "so"),
    *(
        "alright",
        "next",
        "first",
        "immediately",
        "today",
        "start to",
        "begin to",
        "proceed to",
        "remember to",
    ),
    *("are you able to", "could you possibly", "can you possibly", "might you", "we wish you to"),
    *("we ask you to", "we expect you to", "we require you to", "they asked you to", "she wishes you to"),
    *("android", "partner", "say", "then", "your task to", "quick"),
)
"""what may be said before a command"""
CLOSINGS: Final = (
    *("at once", "immediately", "my friend", "buddy", "machine", "today", "this time", "as a favour"),
    *("as soon as you can", "for us", "for my sake", "next", "cheers", "much obliged", "sir", "this minute"),
    *("humanoid", "bless you", "partner"),
)
"""and behind it"""
JOINERS: Final = (
    *("and afterwards", "afterwards", "and next", "next", "and subsequently", "and finally", "and also"),
    *("plus", "later", "and later", "and thereafter", "subsequently"),
)
"""between two of them"""
