"""Frames of sentences that speak of commands and things, and ask for nothing that the robot could do.

Each kind of them is for one purpose only: what a reader makes of the kinds for tests says how it takes a kind that it
has never met. Those for training and validation have no word that the language keeps for tests of paraphrase. `{do}` is
a command, `{then}` another one, `{thing}` a thing, `{things}` several of a kind, `{noun}` and `{verb}` words of the
dictionary for nothing that the robot does or handles.
"""

from collections.abc import Mapping
from typing import Final

Frames = Mapping[str, tuple[str, ...]]

TRAINING: Final[Frames] = {
    "asked": (
        "did you {do}",
        "why did you {do}",
        "when did you {do}",
        "how do you {do}",
        "who told you to {do}",
        "do you always {do}",
        "who put the {thing} on the table",
        "what did you do with the {thing}",
        "how many {things} do you see",
        "whose {thing} stands on the table",
        "which colour has the {thing}",
        "does the {thing} stand on the table",
        "can the {noun} {verb}",
        "what does {noun} mean",
    ),
    "told": (
        "the {thing} stands on the table",
        "the {thing} stood to the left of the {noun}",
        "she likes the {thing}",
        "my {noun} owns a {thing}",
        "they saw the {thing} fall",
        "the {thing} was {verb} by the {noun}",
        "the table was tidy",
        "the {noun} told the person to {verb}",
        "we walked to the {noun} and turned left",
        "a {noun} can {verb}",
        "people often {verb} the {noun}",
    ),
    "unfit": (
        "walk the {thing}",
        "turn the {thing} left by 90 degrees",
        "stand the person",
        "pick up the table",
        "pick up the person",
        "lift forward",
        "pick up 3 steps",
        "point 2 metres forward",
        "reach for 45 degrees",
        "serve the table",
        "tidy the {thing}",
        "place the person on the {thing}",
        "bring me the table",
        "walk up the {thing}",
        "stop the {thing}",
        "take the person",
        "put the table on the {thing}",
        "move the person to the left side of the table",
    ),
    "idle": (
        "you {verb} well",
        "good {noun}",
        "what a {noun}",
        "no",
        "yes",
        "the {noun}",
        "{verb}",
        "{verb} the {noun}",
        "{verb} a {noun} for me",
        "{verb} and {verb}",
        "please {verb}",
        "tell me about the {noun}",
        "the {thing}",
        "a {thing} and a {noun}",
    ),
}
VALIDATION: Final[Frames] = {
    "reported": (
        "she told me to {do}",
        "he said to {do}",
        "they used to {do}",
        "we promised to {do}",
        "the person refused to {do}",
        "my friend forgot to {do}",
        "it was hard to {do}",
        "someone else must {do}",
    ),
    "later": (
        "{do} tomorrow",
        "{do} next week",
        "tomorrow {do}",
        "{do} when it rains",
        "do not {do} yet",
        "{do} every day",
    ),
    "like none": (
        "pick up the {thing} under the {noun}",
        "put the {thing} between the {noun} and the {noun}",
        "bring me the {thing} from the {noun}",
        "take the {thing} to the {noun}",
        "{verb} the {thing} with the {noun}",
    ),
}
TESTS: Final[Frames] = {
    "conditional": (
        "if the {thing} is full, {do}",
        "{do} if you can",
        "{do} unless it is dark",
        "when I say so, {do}",
        "once the {noun} is here, {do}",
    ),
    "either, or": (
        "{do} or {then}",
        "either {do} or {then}",
        "{do} instead of the {noun}",
        "pick up the {thing} or the {noun}",
    ),
    "called off": (
        "there is no need to {do}",
        "I don't want you to {do}",
        "refrain from trying to {do}",
        "you forgot to {do}",
        "pretend to {do}",
        "leave the {thing} where it is",
        "pick up anything but the {thing}",
        "{do}, no, wait",
    ),
    "several": (
        "pick up two {things}",
        "point at all the {things}",
        "reach for the {things}",
        "put the {thing} next to every {noun}",
        "walk to both {things}",
    ),
    "elsewhere": (
        "pick up the {thing} with your foot",
        "put the {thing} under the table",
        "put the {thing} on your head",
        "pick up the {thing} behind you",
        "go to the {thing} in the {noun}",
        "look at the {thing} through the {noun}",
    ),
    "talk": (
        "where is the {thing}?",
        "is the {thing} on your left?",
        "I think the {thing} is too heavy",
        "that {thing} looks like a {noun}",
        "I am hungry",
        "what time is it?",
        "how are you?",
        "my {noun} is broken",
        "let us talk about the {noun}",
        "I pick up the {thing}",
    ),
}
