# ---
# jupyter:
#   jupytext:
#     formats: ipynb,py:percent
#   kernelspec:
#     display_name: Python 3
#     language: python
#     name: python3
# ---

# %% [markdown]
# # Day 4: a robot that learns by watching
#
# On Day 1 you built a model, and it stood there with its arms at mid-range, like somebody who was asked something in a
# language that he does not speak. On Day 3 a robot walked, and took a cup, by formulas. Today it learns: from an expert that
# it watches, from its own mistakes, and from trying. In the end it is told a sentence, looks, and does it.
#
# | | question | you write | |
# |---|---|---|---|
# | 1 | What is there to learn from? | | |
# | 2 | What is an example? | 4.1, 4.2 | ◆ |
# | 3 | What is an error, and what one step of learning? | 4.3, 4.4 | ◆ |
# | 4 | Does it learn? | | ◆ |
# | 5 | How does a sentence change what is seen? | 4.5 | ◆ |
# | 6 | Why does a good copy fall? | 4.6 | ◆ |
# | 7 | What can be learnt without a teacher, and what with little? | 4.7, 4.8 | |
# | 8 | And by trying? | 4.9, 4.10 | |
# | 9 | How sure are you? | 4.11, 4.12 | ◆ |
# | 10 | Tell it something | | ◆ |
# | 11 | What is wrong with this robot? | | |
#
# Twelve short functions, four hours of writing. The path marked ◆ is two and a half of them, and leads to the robot that
# obeys; the rest goes deeper. Wherever learning is drawn,
# <span style="color:#0072B2">**blue is the expert**</span>,
# <span style="color:#D55E00">**vermilion the learner**</span>, and
# <span style="color:#009E73">**green what was held out**</span> to validate it.
#
# **Afterwards you will be able to**
#
# - turn recorded episodes into training examples, and say what must not count in a loss
# - train a policy, and tell learning from memorising
# - explain why a policy with a tiny error falls over, and mend it
# - say what reinforcement learning has that imitation lacks, and what it costs
# - report a success rate so that a statistician does not wince.
#
# **What you should know:** a little PyTorch (what `loss.backward()` does), what a mean and a standard deviation are. Days 1
# and 3 help, and their code is not needed. Five minutes to warm up:
#
# <details><summary>1. A loss is a mean over 64 numbers, 48 of which do not matter. By how much is the gradient of the others too small?</summary>
#
# By a factor of four: each weighs 1/64 and ought to weigh 1/16.
# </details>
#
# <details><summary>2. What is a chunk of actions, and why not one action at a time?</summary>
#
# Several actions that one decision says at once. Fewer decisions, fewer chances to change one's mind; and a slow model has
# something to act on while it thinks (Day 1, section 6).
# </details>
#
# <details><summary>3. A DCM that is 1 cm beside its reference, and nothing is done about it: how far is it a second later?</summary>
#
# $e^{\omega t}$ with $\omega$ = 3.4/s: thirty centimetres, if the soles reached that far. They reach 11 (Day 3, section 5).
# </details>

# %%
# %load_ext autoreload
# %autoreload 2
from copy import deepcopy
from functools import cache
from pathlib import Path
from tempfile import mkdtemp

import numpy as np
import torch

from vla_course.course import check, hint, progress, reset, solution
from vla_course.course.root import CourseRoot
from vla_course.learning.demonstrations.reader import Demonstrations
from vla_course.panels.drawing.progress import Bar

torch.set_num_threads(1)  # two wait for each other as soon as anything else runs beside this notebook
data = CourseRoot.current().folder / "data"
demonstrations = Demonstrations(data / "demonstrations")

# %% [markdown]
# `autoreload` means: save a file, run the cell again, and the new code runs. `hint("4.3")` nudges, `solution("4.3")` shows
# how the course does it, and a cell whose exercise is still empty says which one it waits for.
#
# ## 1 Somebody who can do it already
#
# The teacher is the expert of Day 1: a program that knows where everything is to the millimetre, and carries out any command
# with the planners and controllers of Day 3. It can be asked anew at any moment, from wherever the robot happens to be.
# Remember that; section 6 lives on it.
#
# Here it is asked twice, just now. Each **episode** is kept as a policy would have lived it: ten times a second three
# pictures, what the body feels, the sentence, and the action that the expert intended. (A few seconds each.)

# %%
from vla_course.learning.demonstrations.collecting import collect_demonstrations, collect_episode
from vla_course.learning.demonstrations.plan import Settings
from vla_course.panels.demonstrations.films import episode_film, twins_film

bar = Bar.shown("collecting")


def here(settings, indices):
    """Collect in this process, one after the other."""
    for done, index in enumerate(indices):
        bar(done, len(indices), "the expert acts")
        yield index, collect_episode(settings, index)
    bar(1, 1, "done")


folder = Path(mkdtemp()) / "two_episodes"
collect_demonstrations(folder, 2, Settings(seed=10, skills=("reach for",)), here)
mine = Demonstrations(folder)
twins_film(mine, 0)

# %% [markdown]
# **Look at the first column before you read on.** Both rows begin with the same picture. What tells the learner which of the
# two to do? Only the sentence. Episodes are collected in such pairs on purpose: from pictures in which only one thing could
# be meant, a learner would learn to look, and not to listen.
#
# Now look at what was recorded of the first one: the two joints of its arms that move most.

# %%
from vla_course.panels.training.examples import nudged_picture

nudged_picture(mine, 0)

# %% [markdown]
# Blue is what the expert *intended*, vermilion what the robot *did*. While it acts, somebody nudges it: noise is added to
# every action, and the expert, asked anew each time, leads the arm back. What is learnt is the intention. **Guess what the
# noise is for**, and keep your guess until section 6. (The method is called **DART**, Laskey et al. 2017.)
#
# Twenty-six such episodes, of all ten skills that it is to act out, come with the course; `vla-course collect` makes as many
# as you like. Before anybody trains anything, look through them. This takes longer than the training, and is worth more.

# %%
from vla_course.panels.demonstrations.browser import DemonstrationBrowser


def episodes_of(skill, among=None):
    """Return the numbers of the episodes of a skill that succeeded, among some or all."""
    found = [one.index for one in demonstrations.episodes if one.skill == skill and one.success]
    return [index for index in found if among is None or index in among]


DemonstrationBrowser(demonstrations, episode=episodes_of("pick up")[0])

# %%
from vla_course.panels.demonstrations.overview import overview

overview(demonstrations)

# %% [markdown]
# What failed is kept, marked as a failure, and nobody learns from it. Try "failures only" in the browser: what did the expert
# do wrong? The crosses on the right are pairs of colour and shape that no episode names and no scene shows: held out, for the
# question whether the robot understands "green cup" when it has met green bottles and yellow cups.

# %% [markdown]
# ## 2 What is an example?
#
# The policy that we train answers with a **chunk**: the next twelve actions, 1.2 seconds. So an example is a moment (what was
# said, felt and seen there) and the twelve actions that followed it. Put a window of twelve boxes on an episode and let it
# slide: every place where it can begin is an example.
#
# Nearly every place. Where the episode ends, some of the boxes are empty.
#
# The next cell prepares what all of today looks at, with the course's own functions; you need not read it. `check` tests each
# exercise alone. The *pictures* run your code, and a few need several exercises: the training of section 4 needs 4.1 to 4.4,
# the charts of sections 9 and 10 need 4.11.

# %%
from vla_course.learning.training.examples import examples_of

HORIZON = 12  # decisions, of a chunk
learn_from, kept = demonstrations.split(0.2, np.random.default_rng(0))
examples, held_out, everything = (
    examples_of(demonstrations, some, HORIZON) for some in (learn_from, kept, [*learn_from, *kept])
)
good = len(set(examples.episodes.tolist()))  # those that succeeded
print(f"{good} episodes to learn from: {len(examples)} examples. {len(kept)} are held out: {len(held_out)} examples")

# %% [markdown]
# ### Exercise 4.1: what follows · 15 minutes
#
# ◆ core path · difficulty 2 of 4
#
# **Why:** the last second of an episode is when the hand closes and the foot comes down. Leave those windows out, and the
# robot never learns what all the rest was for. Fill them up with zeros, and it learns to drop its arms.
#
# **Write** `chunk_windows` in [windows.py](../vla_course/exercises/day4_training/windows.py).
#
# **You will see** windows slide over the end of an episode in which a hand takes a cup.

# %%
check("4.1")

# %%
from vla_course.exercises.day4_training.windows import chunk_windows
from vla_course.panels.training.examples import windows_picture
from vla_course.simulation.robot.layout import ACTION

one = demonstrations.episodes[episodes_of("pick up")[0]]
taken = demonstrations.actions[one.start : one.stop]
hand = ACTION.grippers.start + int(np.ptp(taken[:, ACTION.grippers], axis=0).argmax())  # left or right
closes = int(np.flatnonzero(np.diff(taken[:, hand]) < 0)[-1]) + 1
print(f"{one.sentence!r}: the hand closes at step {closes} of {len(one)}")
starts = [len(one) - before for before in (16, 12, 8, 4, 1)]
windows_picture(chunk_windows, taken, starts, 8, hand, ("hand closed", "hand open"))

# %% [markdown]
# The hand closes less than twelve steps before the end. Had windows of twelve that pass the end been dropped, then of all
# moments with the cup in its hand the policy would have seen **none**. It would hold cups only in the last boxes of chunks
# that begin with an empty hand.
#
# ### One scale for all
#
# An action is 36 numbers. The policy says 24 of them (the legs are the balance stack's), arms and head as changes from what
# is now, and twelve more: how both tools are to move in space, so that an error in a shoulder does not grow along the arm.
# In these chunks the right elbow moves about three times as far as the yaw of its wrist. If the loss hears both in radians it
# hears mostly the elbow. So each number gets a scale of its own, on which its usual range is -1 to 1.
#
# Usual, and not *largest*: one frame in a thousand, in which the expert dodged something, must not squeeze all others into a
# corner. We take the **quantiles** at 1 % and 99 %.
#
# ### Exercise 4.2: the range of an action · 20 minutes
#
# ◆ core path · difficulty 3 of 4
#
# **Why:** a gripper that is not scaled is a gripper that is not learnt. And a number that hardly moves, divided by its range,
# is a division by nearly zero: a tremor in one joint of the robot that nobody can explain.
#
# **Write** `fit_statistics` in [statistics.py](../vla_course/exercises/day4_training/statistics.py).
#
# **You will see** four numbers as they are, and on your scale.

# %%
check("4.2")

# %%
from vla_course.exercises.day4_training.statistics import fit_statistics, normalise
from vla_course.panels.training.examples import leak_picture, ranges_picture
from vla_course.panels.training.numbers import NAMES

numbers = examples.chunks[examples.own]
honest = fit_statistics(numbers)
shown = ("right elbow", "right wrist yaw", "turning", "right gripper")
ranges_picture(numbers, {name: NAMES.index(name) for name in shown}, honest, normalise)

# %% [markdown]
# Light blue is your range. The wrist goes far beyond it in a few frames: they stay where they are, at 3 and not at 1, and
# the crowd round zero gets the room. (The axis of frames is logarithmic. Without that you would not see the few at all.)
#
# Some episodes are **held out**: nothing is learnt from them, and they are what the policy is validated on. They are held out
# by scenes, so that twins stay together: else a learner would know the rooms that it is examined in. And the ranges? They are
# fitted, too. **Guess first:** what happens to them if the held-out episodes are counted along?

# %%
owner = np.repeat(everything.episodes[:, None], HORIZON, axis=1)[everything.own]
leaky = fit_statistics(everything.chunks[everything.own])
careful = fit_statistics(everything.chunks[everything.own], episodes=owner, held_out=kept)
print("with those named as held out, the ranges are those from before:", np.array_equal(careful.low, honest.low))
leak_picture(honest, leaky, NAMES)

# %% [markdown]
# In the numbers with a vermilion bar the held-out episodes do what no other does, and with them the range gets wider. On a
# wider range every error looks smaller: the same policy, and a better score. Nobody cheated. That is how such a **leak**
# happens: in a line of preprocessing, before the split. (The others get narrower: in most of the held-out frames the arms
# rest.)

# %% [markdown]
# ## 3 What is an error?
#
# The policy says twelve actions, the expert did twelve. The plainest loss is the mean of what they differ by. But not all
# boxes ask the policy something:
#
# - **padding** never happened (4.1)
# - the **committed** first steps are given. A robot that thinks for 0.1 s moves meanwhile, so the first actions of its next
#   chunk are those that it is carrying out already. They are told to the policy, not asked of it (Black et al. 2025; Day 2
#   will live on this).
#
# What is left is one mean over all numbers that count, and of *absolute* errors. In a mean of squares one wild frame is the
# whole lesson.
#
# ### Exercise 4.3: the loss of a chunk · 25 minutes
#
# ◆ core path · difficulty 3 of 4
#
# **Why:** count padding, and the robot learns that tasks end in standing still; it stops just before it has grasped.
#
# **Write** `chunk_loss` in [losses.py](../vla_course/exercises/day4_training/losses.py).
#
# **You will see** what your loss pulls at: the size of its gradient in every box. Beside it, the loss that comes to mind
# first: of each chunk the mean, and of those the mean. **Guess first:** which chunk will that one care about most?

# %%
check("4.3")

# %%
from vla_course.exercises.day4_training.losses import chunk_loss
from vla_course.panels.training.losses import mean_of_means, pull_picture

chunks = {"whole": (12, 0), "nearly over": (2, 0), "four are given": (12, 4), "both": (6, 4)}
pull_picture({"a mean of means": mean_of_means, "yours": chunk_loss}, chunks, 12)

# %% [markdown]
# Hatched is padding, dotted is given, and both should be white. On the left two steps of a chunk that is nearly over pull as
# hard as twelve of a whole one, and what the robot does in its last moments drowns all the rest. On the right every number
# that counts, counts alike.
#
# ### Two good answers
#
# One thing no mean can do. A hand may pass a cup on the left or on the right, and the expert does both. **Guess first:** what
# is the one answer that is least off from all of these?

# %%
from vla_course.panels.training.two_ways import two_ways_picture

two_ways_picture()

# %% [markdown]
# Regression goes between them: through the cup. (Squared errors do. Absolute errors take the side that is more frequent, and
# between two that are equally frequent they do not care.) Where an expert is *multimodal*, a model has to choose: on the
# right a network learns which way a sample of pure noise must flow to become a demonstration (**flow matching**, Lipman et
# al. 2023; π0 acts like this), and from other noise it goes another way. Here it takes ten passes where regression takes one.
# Our expert is a program and says in the command which hand is meant: it is nearly unimodal, and the loss of 4.3 will do.

# %% [markdown]
# ### One step
#
# Loss, gradient, step, and again. Six thousand times, at night, with nobody looking. What can go wrong will: an episode was
# recorded in degrees, a camera froze, a sensor said *nan*. So a good step looks twice before it moves: is the loss a
# number, and is its gradient? And it is never longer than agreed: the gradient is **clipped** to a norm.
#
# ### Exercise 4.4: one step of learning · 20 minutes
#
# ◆ core path · difficulty 2 of 4
#
# **Why:** after one nan every weight of the policy is nan, and so is every joint target of the robot.
#
# **Write** `training_step` in [training_step.py](../vla_course/exercises/day4_training/training_step.py).
#
# **You will see** two trainings that meet the same two bad batches.

# %%
check("4.4")

# %%
from vla_course.exercises.day4_training.training_step import training_step
from vla_course.panels.training.bad_batches import BAD, plain_step, trail
from vla_course.panels.training.losses import trails_picture

trails = {"a plain loop": trail(plain_step, examples), "yours": trail(training_step, examples)}
print("refused by yours: step", *trails["yours"].refused)
trails_picture(trails, BAD)

# %% [markdown]
# At step 60 the batch is in degrees. Yours takes a step of the agreed length in a wrong direction and forgets it; the other
# is thrown out of the valley and takes some twenty steps to climb back. The nan at 110 ends its life. (Both learn with
# *squared* errors here, to make the first accident hurt. Now take `trail(plain_step, examples, chunk_loss)`: with the absolute
# errors of 4.3 a wild target pulls no harder than any other. Two belts are better than one.)

# %% [markdown]
# ## 4 Does it learn?
#
# Now all of it: your windows, your ranges, your loss, your step. The policy is a small network (1.6 million weights) that
# gets the command, what its body feels, and where the thing is that was named. It does *not* get pictures: finding the
# thing in them is learnt apart (section 10), because that needs far more examples than moving does. Half a minute. **Guess
# first:** where will the two curves end, and will they stay together?

# %%
from vla_course.learning.policy.chunk_policy import ChunkPolicy
from vla_course.learning.training.options import TrainingOptions
from vla_course.learning.training.parts import TrainingParts
from vla_course.learning.training.trainer import train_vla_model
from vla_course.panels.training.curve import LiveCurve, chunks_picture, with_scales


@cache
def your_training():
    """Train a policy with your four functions; return it before and after. What was trained once is kept."""
    yours = TrainingParts(chunk_windows, fit_statistics, chunk_loss, training_step)
    options = TrainingOptions(steps=900, batch=128, every=45, average=0.99, patience=100)
    cut = [examples_of(demonstrations, some, HORIZON, chunk_windows) for some in (learn_from, kept)]
    torch.manual_seed(0)
    policy = ChunkPolicy()
    untrained = with_scales(deepcopy(policy), examples, fit_statistics)
    train_vla_model(policy, *cut, options, report=LiveCurve("Your training"), parts=yours)
    return untrained, policy


untrained, policy = your_training()

# %% [markdown]
# The vermilion curve falls and falls. The green one, on episodes that it never saw, hardly moves after the first second.
# **Which of the two would you show your boss?** From some twenty episodes a network of this size can learn each by heart, and
# does. The ring marks the policy that is kept: the one that was best on what it did not know.
#
# Heights of the two do not compare. The vermilion one is measured while learning, and while learning, this course moves
# every target at random, by up to 0.1 on your scale of -1 to 1 (**dither**). Why? Absolute errors pull as hard at a
# thousandth as at a half: nine skills that never turn, pulled at the tiny errors of their zeros, kept the tenth from
# turning, before we did it. What does it change?

# %%
from vla_course.learning.training.learner import DITHER

moved = DITHER * torch.linspace(-1.0, 1.0, 100_001)  # all that it may add, as often each
for off in (0.0, 0.001, 0.02, 0.5):
    said = torch.full_like(moved, off).requires_grad_()
    loss = (said - moved).abs().mean()
    loss.backward()
    print(f"an answer that is {off:5.3f} off: loss {float(loss.detach()):.3f}, pulled at with {abs(float(said.grad.sum())):.2f}")

# %% [markdown]
# Small errors pull little now, and large ones as before: near zero the loss is quadratic, and the best answer is the same.
# A perfect one costs 0.05, and the vermilion curve cannot get below that.
#
# Below is an episode that it learnt from, before and after. Blue is what the expert did; each vermilion thread is a chunk
# that the policy says from where the dot is.

# %%
untrained, policy = your_training()
chunks_picture({"before": untrained, "after": policy}, examples, episodes_of("pick up", learn_from)[0])

# %% [markdown]
# And two that it never saw, from the held-out scenes:

# %%
_, policy = your_training()
unseen = np.unique(held_out.episodes).tolist()
print(demonstrations.episodes[unseen[0]].sentence)
chunks_picture({"after": policy}, held_out, unseen[0])

# %%
_, policy = your_training()
print(demonstrations.episodes[unseen[2]].sentence)
chunks_picture({"after": policy}, held_out, unseen[2])

# %% [markdown]
# What it learnt from it knows by heart, the hand included. In a scene that it never saw it does the right kind of thing where
# one of its few episodes was like this, and little or nothing where none was. What the policy lacks is no better network. It
# is the rest of the experience: some thousand episodes are an evening of collecting on two cores.
#
# We had that evening. What ships in `data/models/direct` is your network, trained by your parts' reference on more than a
# thousand episodes; [its card](../data/models/POLICY_CARD.md) says on which. Here three policies reach for three things, in
# physics, in scenes that none has seen. A line is how far the hand is from the thing; a dot at its end says that the task's own
# rule held. (Half a minute.)

# %%
from vla_course.learning.policy.files import load_policy
from vla_course.panels.evaluation.reaching import reaching_picture

untrained, policy = your_training()
reaching_picture({"untrained": untrained, "yours": policy, "shipped": load_policy()}, seeds=(3, 4, 5))

# %% [markdown]
# The untrained hand goes anywhere. Yours has understood what reaching is, out and round and towards the thing, from the two or
# three times that it was shown; now and then that is enough. The third one was trained no better. It was shown more. Where a
# hand stalls a few centimetres short, it is in a place where no demonstration ever was; what helps against that comes in
# section 6.

# %% [markdown]
# ## 5 How does a sentence change what is seen?
#
# A policy that hears has to treat the same picture differently. What is seen comes in on a few hundred **channels**, each of
# which answers to something: red, round, on the left, near the hand. Let the words *scale* each channel and *shift* it.
#
# Below this is done by hand, with three plain channels of one real picture. In the first row they are added up as they are,
# and what is bright anyway stands out, sky and floor. Then somebody says "the purple ball": red and blue count as they are,
# green counts against, and the sum is bright in one place. For "the yellow cup" other scales, another place; and it is the
# same picture.

# %%
from vla_course.panels.training.modulation import by_hand_picture
from vla_course.simulation.scene.cameras import PLACES

two_things = demonstrations.episodes[episodes_of("point at")[0]].start  # a purple ball and a yellow cup on one table
views = np.stack([demonstrations.pictures(place, two_things)[0] for place in PLACES])
by_hand_picture(
    views[PLACES.index("chest")],
    {
        "as it is": ((1, 1, 1), (0, 0, 0)),
        "“the purple ball”": ((1, -2, 1), (0, -0.2, 0)),
        "“the yellow cup”": ((1, 1, -2), (0, 0, -0.2)),
    },
)

# %% [markdown]
# Nobody sets these by hand. A linear layer makes a scale $\gamma_c$ and a shift $\beta_c$ of the words $w$, for each channel
# $c$, and is trained with all the rest:
#
# $$\mathrm{FiLM}(x)_{n,c} = \gamma_c(w)\,x_{n,c} + \beta_c(w), \qquad n \text{ over all patches}$$
#
# (**Feature-wise linear modulation**, Perez et al. 2018. In RT-1, and in most small policies that follow language well, words
# come in like this.)
#
# ### Exercise 4.5: words that turn the eye · 15 minutes
#
# ◆ core path · difficulty 2 of 4
#
# **Why:** a robot that does the same thing whatever it is told also walks on when it is told to stop. And one whose scales
# begin at zero is blind before it has heard anything.
#
# **Write** `FiLM.forward` in [film.py](../vla_course/exercises/day4_training/film.py).
#
# **You will see** which scales and shifts two sentences make, untrained and after a short training.

# %%
check("4.5")

# %%
from vla_course.exercises.day4_training.film import FiLM
from vla_course.learning.policy.chunk_policy import ChunkPolicy
from vla_course.learning.training.options import TrainingOptions
from vla_course.learning.training.trainer import train_vla_model
from vla_course.panels.training.modulation import modulation_picture

torch.manual_seed(0)
fresh = ChunkPolicy(film=FiLM).eval()
torch.manual_seed(0)
listening, bar = ChunkPolicy(film=FiLM), Bar.shown("listening")
options = TrainingOptions(steps=300, batch=128, every=60, average=0.98, patience=100)
train_vla_model(listening, examples, held_out, options, report=lambda now: bar(now.step, now.steps, "training"))
modulation_picture({"untrained": fresh, "trained": listening}, ("pick up the red cup", "turn right by 30 degrees"))

# %% [markdown]
# Untrained, every scale is 1 and every shift 0: what is seen goes through as it is. Trained, the two sentences set many
# channels differently: the longer the line between vermilion and blue, the more the words decide there. That is a robot that
# *can* listen; after half a minute it does so a little. At the first moment of an episode only the words say whether to walk
# or to stand, and of all its examples those moments are few: most of the time its own body tells it what it was doing, and
# going on is a good answer. A policy that goes on as before looks excellent in every loss. (How a trained one
# follows sentences, you will see in section 10, with eyes.)

# %% [markdown]
# ## 6 Why does a good copy fall?
#
# The error of a policy is measured on the expert's states. When it acts, it gets into its own. To see what that means we take
# the simplest thing that falls: the pendulum of Day 3 on its soles, swaying forward and back, once in two seconds. The expert
# is the law of 3.10. A small network copies it (**behaviour cloning**), from four perfect episodes; what it is off by
# afterwards is a tenth of a *millimetre*.
#
# **Guess first:** how long will it stand? Nobody pushes.

# %%
from vla_course.panels.swaying.cloning import clone
from vla_course.panels.swaying.drift import drift_picture, rounds_picture, visited_picture
from vla_course.panels.swaying.world import OneSwaying, sway
from vla_course.reference.day4_training.dagger import dagger_round as course_round

PUSH = 0.34  # m/s: what soles of 11 cm may just bear (Day 3, section 5)
rng = np.random.default_rng(0)
calm = OneSwaying(rng)
perfect = course_round([], calm.reset, calm.step, calm.expert, calm.expert, 1.0, 4, rng)  # the expert acts, always
cloned = clone(perfect)
print(f"{len(perfect)} decisions of the expert, copied with an error of {cloned.error:.2f} mm")


def standing(name, robot, falls=0):
    """Return how many of four hundred pushes a robot survives."""
    return name, int(sway(robot, 400, PUSH, 7).stood.sum()), 400, falls


drift_picture({"the expert": None, "its copy": cloned}, push=0.0, seed=3)

# %% [markdown]
# One and a half seconds, most of them. The expert had *never been wrong*, so it never showed how one comes back. A copy that
# is a tenth of a millimetre off is, a moment later, where no demonstration ever was; there its answer is arbitrary, and errors
# of balance grow by $e^{\omega t}$ by themselves. Errors that lead to states in which errors are larger: **compounding
# errors**. On $T$ decisions they may cost $T^2$ and not $T$ (Ross and Bagnell 2010). And **the loss does not show it**: it is
# measured where the expert was.
#
# So let the copy drive, see where it gets, and ask the expert what it *should* have done there (**DAgger**, Ross et al. 2011).
#
# ### Exercise 4.6: what should I have done? · 25 minutes
#
# ◆ core path · difficulty 3 of 4
#
# **Why:** on two legs, the states that no demonstration contains are those on the way to the floor.
#
# **Write** `dagger_round` in [dagger.py](../vla_course/exercises/day4_training/dagger.py).
#
# **You will see** how few falls it takes.

# %%
check("4.6")

# %%
from vla_course.exercises.day4_training.dagger import dagger_round


@cache
def one_round():
    """Let the copy drive for four episodes, the expert at its side; return where it was, what was learnt, and who learnt."""
    pushed, rng = OneSwaying(np.random.default_rng(1), push=PUSH), np.random.default_rng(1)
    corrected = dagger_round(perfect, pushed.reset, pushed.step, cloned, pushed.expert, 0.0, 4, rng)
    return pushed, corrected, clone(corrected)


pushed, corrected, mended = one_round()
print(f"It drove four times, fell {pushed.falls} times, and was told {len(corrected) - len(perfect)} times what to do")
drift_picture({"the expert": None, "its copy": cloned, "after one round": mended}, push=0.2, seed=3)

# %% [markdown]
# Now they are pushed as well, and it stands. Where did the examples lie? Here is where each set of episodes has been, in the
# plane of place and velocity. And remember your guess of section 1: the third is four episodes of the expert *with somebody
# nudging it*.

# %%
pushed, corrected, mended = one_round()
nudged = OneSwaying(np.random.default_rng(2), noise=0.008)
noisy = dagger_round([], nudged.reset, nudged.step, nudged.expert, nudged.expert, 1.0, 4, rng)
visited_picture({"perfect episodes": calm.paths, "its own falls": pushed.paths, "nudged episodes": nudged.paths})

# %%
_, _, mended = one_round()
rounds_picture(
    [
        *(standing(*one) for one in (("the expert", None), ("its copy", cloned), ("copy of nudged episodes", clone(noisy)))),
        standing("one round of DAgger", mended, pushed.falls),
    ]
)

# %% [markdown]
# From a thin ring to a band: that is all the difference between 0 and (nearly) the expert, with the same network and the
# same number of episodes. Noise in the demonstrations does it without a single fall (that is what it was for); DAgger looks
# for the states that matter, those where *this* learner errs. Both need an expert that can be asked in any state. A film of a
# human has none.

# %% [markdown]
# ## 7 Without a teacher, and with little
#
# Labels are dear. Pictures are not: a robot makes thirty a second. What could be learnt from them alone?
#
# Play a game of pairs, with open cards. On the left are pictures of now, below pictures of half a second later: which belongs
# to which? Whoever is good at it has learnt to see what stays and what changes. The numbers say, in per cent, what the frozen
# encoder of Day 1 would choose, by likeness alone.

# %%
from vla_course.learning.encoders.frozen import FrozenEncoders
from vla_course.panels.training.memory_game import cards_picture, found, learn_by, moments_of

frozen, bar = FrozenEncoders.load(), Bar.shown("looking")
moments = moments_of(demonstrations, frozen, bar)
played = np.flatnonzero(np.isin(moments.episodes, learn_from))
unplayed = np.flatnonzero(np.isin(moments.episodes, kept))
table = np.sort(np.random.default_rng(1).choice(played, 6, replace=False))
cards_picture(demonstrations, moments, {"before": (None, table)})

# %% [markdown]
# For each card $i$ on the left, softmax over the cosines with all below, and the loss is how improbable the right one was;
# then the other way round (**InfoNCE**, van den Oord et al. 2018; with moments of time, Sermanet et al. 2018):
#
# $$L = -\frac1{2B}\sum_i\left[\log\frac{e^{\,a_i\cdot b_i/\tau}}{\sum_j e^{\,a_i\cdot b_j/\tau}}
#  + \log\frac{e^{\,a_i\cdot b_i/\tau}}{\sum_j e^{\,a_j\cdot b_i/\tau}}\right]$$
#
# ### Exercise 4.7: which belongs to which? · 20 minutes
#
# difficulty 3 of 4
#
# **Why:** a robot that stands has a thousand pictures of the same cup. Called different a thousand times, the cup disappears
# from what is learnt: that is what `same` is for.
#
# **Write** `info_nce` in [contrastive.py](../vla_course/exercises/day4_training/contrastive.py).
#
# **You will see** the same cards after two hundred and fifty rounds, and how many pairs are found among cards that it played
# with, and among new ones.

# %%
check("4.7")

# %%
from vla_course.exercises.day4_training.contrastive import info_nce

eye, game_losses = learn_by(info_nce, moments, played)
print(f"loss {game_losses[0]:.2f} at first, {game_losses[-1]:.2f} at last")
for name, cards in {"cards it played with": played, "new cards": unplayed}.items():
    before, after = (100 * found(one, moments, cards, 32) for one in (None, eye))
    print(f"{name}: among 32, {before:.0f} % found before and {after:.0f} % after")
cards_picture(demonstrations, moments, {"before": (None, table), "after": (eye, table)})

# %% [markdown]
# Nine in ten of its own cards, and of new ones hardly more than at the beginning, if at all. It has learnt ten rooms by heart.
# Self-supervision lives on *variety*, not on minutes: 20 episodes are 10 scenes. The encoders of Day 1 played the same game
# with pictures and captions, ten thousand of them. Here is your loss on what came out of that, on scenes that they never saw:

# %%
from vla_course.learning.encoders.dual_encoder import DualEncoder
from vla_course.panels.model.similarity import scenes_of

encoders = DualEncoder.load()
names = ["red cup", "green bottle", "blue ball", "yellow box", "white bowl", "black cylinder"]
scenes = scenes_of(names, seed=3)
with torch.no_grad():
    (whole, _), texts = encoders.pictures(scenes.rgb), encoders.words([f"a {name}" for name in names])
torch.manual_seed(0)
print(f"shipped encoders {float(info_nce(whole, texts, 0.1)):.2f}, guessing {np.log(len(names)):.2f}", end=", ")
print(f"captions mixed up {float(info_nce(whole, texts.roll(1, 0), 0.1)):.2f}")

# %% [markdown]
# ### A change of low rank
#
# Say your robot can sway, and is to learn to do it *leaning ahead*, to reach something, from two episodes. Let all its
# weights follow those two, and it forgets what it was. Leave the weights alone, and put an **adapter** beside each layer:
# down to a few numbers, and up again. The areas below are as many weights:

# %%
from vla_course.panels.training.adapter import adapter_picture

adapter_picture(torch.nn.Linear(256, 512), ranks=(4, 16))  # such a layer has the policy of section 4

# %% [markdown]
# $$y = W x + \frac{\alpha}{r}\, B A\, x, \qquad A: r \times n,\quad B: m \times r,\quad B = 0 \text{ at first}$$
#
# (**Low-rank adaptation**, LoRA, Hu et al. 2021: $W$ is frozen, $A$ and $B$ learn, $r$ is the rank.)
#
# ### Exercise 4.8: a thin change · 15 minutes
#
# difficulty 2 of 4
#
# **Why:** a policy of 7 billion weights is tuned on one GPU like this, or not at all. And a robot that has learnt one thing
# too many must be able to unlearn it by lunch, balance included.
#
# **Write** `LoRALinear.forward` in [lora.py](../vla_course/exercises/day4_training/lora.py).
#
# **You will see** the robot of section 6 lean, and stand up again. **Guess first:** which of the three below can do both?

# %%
check("4.8")

# %%
from vla_course.exercises.day4_training.lora import LoRALinear
from vla_course.panels.swaying.cloning import teach, with_adapters, without_adapters
from vla_course.panels.swaying.drift import habits_picture

LEAN = 0.03  # m
before, leaning = OneSwaying(rng, push=PUSH), OneSwaying(rng, push=0.1, lean=LEAN)
settled = clone(course_round(perfect, before.reset, before.step, cloned, before.expert, 0.0, 4, rng))  # as in section 6
few = course_round([], leaning.reset, leaning.step, settled, leaning.expert, 0.5, 2, rng)


@cache
def two_ways():
    """Teach the robot to lean, by all of its weights, and by adapters beside them that are yours."""
    everywhere, beside = deepcopy(settled), with_adapters(settled, LoRALinear)
    teach(beside, few, 200, rate=0.02)
    teach(everywhere, few, 200)
    return everywhere, beside


everywhere, beside = two_ways()
learnt, there = sum(w.numel() for w in beside.parameters() if w.requires_grad), sum(w.numel() for w in settled.parameters())
print(f"{learnt} weights are learnt, beside {there}")
habits_picture(
    {"all weights": everywhere, "with adapters": beside, "adapters left out": without_adapters(beside)},
    {"lean ahead": LEAN, "as before": 0.0},
)

# %%
_, beside = two_ways()
old, new = sway(settled, 100, PUSH, 7), sway(without_adapters(beside), 100, PUSH, 7)
print("without its adapters it is the old robot, to the bit:", np.array_equal(old.dcm, new.dcm))

# %% [markdown]
# All three learn, or keep, one of the two. Only adapters are a *switch*: in for the new task, out for the old one. (Here
# nothing in the observation says which task it is; where a sentence does, a policy may learn both at once.) An adapter that
# proves itself can be merged into its layer, which then costs no time: `LoRALinear.merged`.
#
# ### A new thing
#
# Now the eyes of a real policy. The one that ships with the course finds what a sentence names in its three pictures (you
# will see it at work in section 10). It knows cups, boxes, balls, bottles, bowls and cylinders. It has never seen a cone, nor
# heard the word. Somebody shows it twenty times: says a sentence, and puts a hand on the thing. Where the hand went is all
# that such a demonstration tells; nobody labels a picture.

# %%
from vla_course.learning.finetuning.showing import Lesson, demonstrate
from vla_course.panels.training.new_word import shown_picture

cones = demonstrate(0, "cone", "cone", count=20)
shown_picture(cones, "cone")

# %% [markdown]
# What should learn? In any case the row of the new word, 128 numbers that stand before the frozen language encoder (textual
# inversion, Gal et al. 2022). Beside it nothing; or your LoRA of rank 4 in each linear layer of what finds things; or all of
# its weights. **Guess first:** which finds most cones, and which forgets most cups?
#
# Here is yours, while it learns: two seconds of training, and exams between, in scenes that no training shows.

# %%
from vla_course.learning.finetuning.curve import watch
from vla_course.learning.finetuning.exam import Exam
from vla_course.learning.finetuning.new_words import NewWords
from vla_course.learning.finetuning.pupil import Pupil
from vla_course.learning.finetuning.teaching import TeachingRecipe
from vla_course.learning.finetuning.teaching import teach as teach_word
from vla_course.learning.grounding.files import load_grounder
from vla_course.panels.training.new_word import LiveShares, pointing_picture, shares_picture

shipped, words, lesson = load_grounder(), NewWords(frozen.language, ["cone"]), Lesson.of(cones, frozen)
exam = Exam(folder.parent / "exam", frozen, "cone", "cone", scenes=20, sessions=2)


@cache
def taught():
    """Teach the shipped grounder what a cone is, by your adapters; what is found meanwhile is drawn."""
    pupil, curve = Pupil(shipped, words, "lora", adapter=LoRALinear), LiveShares()
    for point in watch(pupil, lesson, TeachingRecipe(), exam, every=20):
        curve(point)
    return pupil


yours = taught()

# %% [markdown]
# And the other two ways, the same twenty demonstrations and eighty steps each:

# %%
yours = taught()
pupils = {"the word alone": Pupil(shipped, words, "word"), "and LoRA, yours": yours, "and all weights": Pupil(shipped, words, "everything")}
for name in ("the word alone", "and all weights"):
    for _ in teach_word(pupils[name], lesson, TeachingRecipe()):
        pass
marks = {"before": exam.of(shipped, words)} | {name: exam.of(one.taught(), one.words) for name, one in pupils.items()}
shares_picture(marks, {name: one.size for name, one in pupils.items()})

# %%
from vla_course.learning.finetuning.new_words import TaughtEncoders
from vla_course.learning.finetuning.showing import moments as new_moments
from vla_course.learning.planned.learned import LearnedGrounder

yours = taught()
looking = {"before": LearnedGrounder(shipped, frozen), "after": LearnedGrounder(yours.taught(), TaughtEncoders(frozen, yours.words))}
pointing_picture(looking, new_moments(701, "cone", 24, postures=1), "cone", "cone")

# %% [markdown]
# Before, a cone is found more often than not, by a robot that has no idea what the word means: it goes by the *colour*. Put
# something of the same colour beside it, and the word must decide. Measured with more scenes, and three trainings each
# (`benchmarks/finetuning.py`):
#
# | what learns | cones found | of these, beside a thing of its colour | old things | old things beside cones |
# |---|---|---|---|---|
# | nothing | 64 % | 22 % | 92 % | 97 % |
# | the word alone | 90 % | 82 % | 92 % | 97 % |
# | and LoRA | 91 % | 84 % | 89 % | 89 % |
# | and all weights | 92 % | 84 % | 85 % | 80 % |
#
# All three learn the word. The fewer weights are free, the less is forgotten, and the word alone *cannot* forget: its row is
# read in no other sentence. LoRA is no cure by itself: merged, it is there for cups as well. (Rehearse old examples along, and
# it keeps 91 and 96 %.) So begin with the smallest change that does it. Does the robot now point at cones? In twelve scenes
# in physics it did so seven times before, and seven times after: section 9 says what twelve episodes prove.

# %% [markdown]
# ## 8 By trying
#
# Suppose there is no expert. The copy of section 6 falls after a second and a half; all that it is told from now on is *how
# it went*, a **reward** for each decision: a little where the DCM is near its reference, minus one for a fall.

# %%
from vla_course.panels.swaying.drift import blame_picture

blame_picture(cloned, push=0.0, seed=3)

# %% [markdown]
# Some forty decisions, of which only the last was punished. Which of them was to blame?
#
# First: **better than expected**, not good. A critic learns what each state is worth, $V(s)$. The surprise of a step is what
# it brought and led to, less what was expected,
#
# $$\delta_t = r_t + \gamma V(s_{t+1}) - V(s_t)$$
#
# and the **advantage** of a step is its own surprise and, fading by $\gamma\lambda$ a step, those that followed *in the same
# episode* (generalised advantage estimation, Schulman et al. 2016).
#
# ### Exercise 4.9: better than expected · 30 minutes
#
# difficulty 4 of 4
#
# **Why:** an episode may end because the robot fell, or because time was up. Take one for the other, and it learns that
# standing for a minute is as bad as lying on the floor.
#
# **Write** `advantages` in [advantages.py](../vla_course/exercises/day4_training/advantages.py).
#
# **You will see** which steps each reward is credit for, read off your own function. An arrow across a dashed line would be a
# bug.

# %%
check("4.9")

# %%
from vla_course.exercises.day4_training.advantages import advantages
from vla_course.panels.training.credit import CUT, FALL, clip_picture, credit_picture

credit_picture(advantages, 12, {4: FALL, 8: CUT}, gamma=0.98, lam=0.8)

# %% [markdown]
# ### Not farther than you know
#
# What turned out better is made more probable. But the evidence is that of the policy that tried. For a policy far from it,
# it says nothing; and a step too far, on legs, is a fall from which there is no coming back: a robot on the floor collects
# data of lying on floors. How far a policy has come shows, action by action, in the **ratio** $\rho$ of the new probability
# to the old one:

# %%
from vla_course.panels.training.credit import ratio_picture

ratio_picture()

# %% [markdown]
# With the advantage $A$ of each sample, what is made smaller is
#
# $$L = -\operatorname{mean}\big[\min\big(\rho A,\ \operatorname{clip}(\rho, 1-\epsilon, 1+\epsilon)\,A\big)\big]$$
#
# (**Proximal policy optimisation**, PPO, Schulman et al. 2017.) The minimum is the pessimist's: what is gained by leaving is
# not believed.
#
# ### Exercise 4.10: no farther than you know · 25 minutes
#
# difficulty 4 of 4
#
# **Why:** it is the line that made reinforcement learning on legs a matter of patience and not of luck.
#
# **Write** `clipped_objective` in [ppo.py](../vla_course/exercises/day4_training/ppo.py).
#
# **You will see** what each sample pulls at. **Guess first:** there are four ends of lines below. Which two are flat?

# %%
check("4.10")

# %%
from vla_course.exercises.day4_training.ppo import clipped_objective

clip_picture(clipped_objective, clip=0.2)

# %% [markdown]
# An action that was good is made more probable, up to 1.2 times, then it is enough for now. One that was bad, less probable,
# down to 0.8. Whoever has strayed to the wrong side is called back with full force: those two ends are not flat.
#
# Now let it try. Sixty-four pendulums side by side, your advantages, your objective; no expert anywhere. **Guess first:**
# DAgger needed four episodes. How many falls will this take?

# %%
from vla_course.panels.swaying.drift import trying_picture
from vla_course.panels.swaying.trying import Trier


@cache
def practice():
    """Let the copy practise with your advantages and your objective, for fifty updates."""
    trier = Trier(cloned, advantages, clipped_objective, PUSH)
    trier.learn(50, Bar.shown("trying"))
    return trier


trier = practice()
trying_picture({"yours": trier})

# %%
trier = practice()
tried = standing("PPO, yours", trier.policy, trier.lessons[-1].falls)
rounds_picture([standing("the expert", None), standing("its copy", cloned), tried])

# %% [markdown]
# With a teacher a handful of falls, without one well over a thousand, in more than an hour of practice. On a real robot that
# is the end of the robot; this is why such learning happens in simulation, and begins with a copy. But look at the last bar:
# **it may do better than the expert.** Who imitates cannot. The expert's law knows nothing of pushes; whoever was pushed two
# thousand times does.
#
# May: it has stood a few pushes more of four hundred. Is that better, or luck? The next section has a test for that.
#
# ### And the humanoid?
#
# A pendulum falls a thousand times in a minute. The humanoid takes a twentieth of a second of computing for each tenth of a
# second of its life: there it must learn from minutes of trying, not from hours. So it does not begin with nothing. A small
# policy has seen sixty demonstrations of pointing, too few: it raises the hand, and then the fingers often point past the
# thing. It stays as it is, **frozen**. What learns is a **residual** on top of it (Silver et al. 2018; Johannink et al. 2019):
# ten times a second the hand is turned, beside what the copy does, by
#
# $$\text{turn} = W\,\theta, \qquad \theta = \text{the two angles, across and up, by which the fingers will point past the thing.}$$
#
# Four numbers, all of them zero in the beginning: the first attempt is the copy's own. While it practises, noise is added to
# the turn, and some of the noise turns out better than expected. The reward is how much nearer, in radians, the fingers have
# come to pointing at the thing, and 1 when the task's own rule says that it is done. **Guess first:** what will $W$ look like?

# %%
from IPython.display import display

from vla_course.learning.reinforcement.options import ImproveParts
from vla_course.panels.model.improving import (
    again,
    before_after,
    before_after_picture,
    correction_picture,
    improve_live,
    learning_curve,
    misses_picture,
    new_residual,
)


@cache
def pointing():
    """Let the hand practise with your advantages and your objective: half a minute."""
    residual, reports, shown = new_residual(), [], display(display_id=True)
    for report in improve_live(residual, parts=ImproveParts(advantages, clipped_objective)):
        reports.append(report)
        shown.update(learning_curve(reports))
    return residual


correction_picture(pointing())

# %% [markdown]
# Each arrow begins where a thing is, seen along the fingers, and shows how the hand is turned in a tenth of a second. Nobody
# has told it that outwards, to where the thing is, is right.
#
# Does it help? Eight scenes in which nothing was practised, each of them twice, judged by the rule alone: first the copy,
# then the copy corrected.

# %%
misses_picture(again(pointing(), scenes=8))

# %%
before_after_picture(before_after(seed=3, residual=pointing()))

# %% [markdown]
# Eight scenes prove little, whatever they show: that is the next section. The course has let another one practise three times
# as long, 2400 decisions in a little more than two minutes of one core, and then compared in forty scenes. The copy pointed at
# the thing in 23 of them, corrected in 33; in eleven scenes only the corrected one did, in one only the copy. Were there no
# difference, so uneven a score would be rarer than one in a hundred (p = 0.006, by the test of exercise 4.12;
# [the card](../data/models/pointing/README.md) has all numbers). In five of the seven that are left
# the robot collides with itself, in two time is up.

# %% [markdown]
# ## 9 How sure are you?
#
# Your robot is shown to visitors. It does ten episodes, nine succeed, and somebody writes "90 %". Let us see what ten
# episodes prove. We take two robots of the course's that have learnt by trying, as in section 8: one for thirty updates, the
# other for fifty. About them the truth is known, since 400 episodes cost a tenth of a second here.
#
# Forty people run **ten** episodes each of the first one, drawn from those 400. A dot is what one of them reports; the dashed
# line is the rate of all 400.

# %%
from vla_course.panels.swaying.trying import course_trier
from vla_course.panels.training.proof import coins_picture, rates_picture, reliability_picture, tens_picture

halfway, longer = course_trier(cloned, PUSH, 30), course_trier(cloned, PUSH, 50)
outcomes = sway(halfway.policy, 400, PUSH, 7).stood
tens_picture(outcomes, None, (10, 50, 200), np.random.default_rng(0))

# %% [markdown]
# Everybody on the left measured the *same robot*. Some of them would publish 50 %, some 100 %. What may they say?
#
# ### Exercise 4.11: what ten episodes prove · 15 minutes
#
# ◆ core path · difficulty 2 of 4
#
# A rate $p$ is possible if what was seen, $\hat p$, is not too far from it: within $z$ of *its* standard deviations.
#
# $$|\hat p - p| \le z \sqrt{p\,(1-p)/n}$$
#
# Solve this for $p$ (it is a quadratic equation), and you have both ends of **Wilson's interval** (1927). **Check yours by
# hand:** for 10 of 10 and $z = 1.96$ the upper end is 1, and the lower one $n/(n+z^2) = 0.72$.
#
# **Why:** "it never fell in ten tries" is a robot that falls once in four, for all you know.
#
# **Write** `success_interval` in [intervals.py](../vla_course/exercises/day4_training/intervals.py).
#
# **You will see** the same forty reports, each with your interval.

# %%
check("4.11")

# %%
from vla_course.exercises.day4_training.intervals import success_interval

tens_picture(outcomes, success_interval, (10, 50, 200), np.random.default_rng(0))

# %% [markdown]
# The interval is what saves them: about 19 of 20 hold the truth, whoever you are. Those in vermilion do not, and cannot know
# it. To halve an interval takes four times the episodes.
#
# ### The same episodes twice
#
# Two robots, and each gets 200 pushes. If each gets pushes of its own, the luck of both adds up. Give both **the same**
# pushes, and most of the luck cancels: where both stand the push was easy, where both fall it was hopeless. What speaks are
# the episodes in which they differ; if the robots were equally good, each of those would fall to either side like a coin
# (**McNemar's test** in its exact form, 1947).
#
# ### Exercise 4.12: the same episodes twice · 15 minutes
#
# ◆ core path · difficulty 2 of 4
#
# **Why:** a robot that seems to be better may only have had the easier pushes. Twenty coins will tell.
#
# **Write** `paired_test` in [paired.py](../vla_course/exercises/day4_training/paired.py).
#
# **You will see** two hundred episodes, a box each, and the coins.

# %%
check("4.12")

# %%
from vla_course.exercises.day4_training.paired import paired_test

early, late = (sway(one.policy, 200, PUSH, 11).stood for one in (halfway, longer))
coins_picture(early, late, paired_test(early, late), ("30 updates", "50 updates"))

# %%
expert_stood, late_stood = sway(None, 400, PUSH, 13).stood, sway(longer.policy, 400, PUSH, 13).stood
verdict = paired_test(expert_stood, late_stood)
print(f"against its expert, 400 new pushes: {verdict.gained} gained, {verdict.lost} lost, p = {verdict.p_value:.2g}")
for n in (10, 40):
    few = paired_test(expert_stood[:n], late_stood[:n])
    print(f"had we stopped after {n}: {few.gained} gained, {few.lost} lost, p = {few.p_value:.2g}")

# %% [markdown]
# Did the one that tried beat the expert? The coins say. And they say something about stopping: look after every ten episodes,
# stop when p is small, and you will find that anything is better than anything. **Choose n first**, or use a test that is
# made for looking (Snyder et al. 2025).
#
# And the whole robot? `vla-course evaluate` carries out episodes of a policy in physics, and keeps what came of each. A small
# run of the shipped one comes with the course: twelve tasks, of looking, reaching and pointing; and the same twelve once more,
# with all cameras moved by up to 3 cm and turned by up to 4.5 degrees, which nobody tells the robot.

# %%
from vla_course.learning.evaluation.evaluating import read_run

run = read_run(data / "evaluation" / "planned")
tasks = [key for key in run.outcomes if not key.endswith("/camera")]
usual, moved = (np.array([run.outcomes[key + more].done for key in tasks]) for more in ("", "/camera"))
rates_picture(
    {"cameras as ever": (int(usual.sum()), len(tasks)), "cameras moved": (int(moved.sum()), len(tasks))}, success_interval
)

# %%
coins_picture(usual, moved, paired_test(usual, moved), ("cameras as ever", "cameras moved"))

# %% [markdown]
# Twelve episodes say little about a *rate*: look how wide both intervals are. About a *difference* they can say a lot, if it is
# large and the episodes are the same: all coins fall to one side. What they do not say is why it fails. For that one has to
# look, and you will, in section 11.
#
# ### When it says 80 %
#
# On Day 1 a model gave itself a chance of 2 %, and we asked what such a number is worth after training. Here is the part of
# the shipped policy that hears: a small network, trained on sentences, that says how sure it is of what it heard. Two kinds
# of sentences: worded as in training, and worded otherwise ("grab the crimson mug"). Of those that it is 80 % sure of, are 80
# % right? A **reliability diagram** shows it: on the dashed line a number is to be believed. How far the dots are from it, in
# the mean over all answers, is the **expected calibration error** (ECE, Guo et al. 2017).

# %%
from vla_course.learning.encoders.frozen import FrozenEncoders
from vla_course.learning.reading.files import load_reader
from vla_course.learning.reading.trials import ask, trials

reader, language, draw = load_reader(), FrozenEncoders.load().language, np.random.default_rng(4)
kinds = {name.strip(): kind for name, kind in trials(pairs=False)}
bar, asked = Bar.shown("asking"), {}
for number, (name, kind) in enumerate(kinds.items()):
    bar(number, len(kinds), name)
    asked[name] = ask(reader, language, [kind(draw) for _ in range(100)])
bar(1, 1, "done")


def claims_of(*names):
    """Return how sure it was of sentences of these kinds, and whether it was right."""
    some = [one for name in names for one in asked[name]]
    return np.array([one.heard.confidence for one in some]), np.array([one.right for one in some])


reliability_picture(
    {
        "worded as in training": claims_of("one command, as in training", "two commands, as in training"),
        "worded otherwise": claims_of("one command, template reworded", "noun replaced by a synonym"),
    },
    success_interval,
)

# %% [markdown]
# Worded as in training, it is rather too modest: it is nearly always right, even where it hesitates. Where words are new, its
# lowest numbers are worth something, and above them the dots lie flat, not along the line. **Being sure is learnt, too**, on
# the sentences of training, and is worth as much as those are like what is asked. So this robot, where it is less sure than
# `UNSURE`, asks "do you mean: pick up the red cup?" if somebody can answer, and stands still if nobody can.
#
# The same sentences by their kind, with your intervals:

# %%
rates_picture(
    {
        name: (sum(one.right for one in some), len(some))
        for name, some in asked.items()
        if not name.startswith("no command")
    },
    success_interval,
    "Sentences understood in every detail",
)

# %% [markdown]
# ## 10 Tell it something
#
# Now the whole of it, with eyes. The policy that ships with the course is *planned*: one network hears (above), one finds in
# the pictures of three cameras what was named, and what they say, skill and place, is carried out by the stack of Day 3.
# Nothing in it is told where anything is.
#
# **First its eyes.** On Day 1 you looked for the attention of a model that had learnt nothing. Here is one that has. Two
# sentences, the same three pictures; in the last row, what the encoders alone make of the first.

# %%
from vla_course.learning.encoders.dual_encoder import DualEncoder
from vla_course.learning.planned.learned import LearnedGrounder, shipped_policy
from vla_course.panels.training.obeying import LookPanel, looks_picture, obey, obeyed_picture

grounder, encoders = LearnedGrounder.load(), DualEncoder.load()
looks_picture(grounder, views, ["point at the purple ball", "point at the yellow cup"], encoders)

# %% [markdown]
# A sharp point where there was a glow, and a number that says whether the thing shows at all: the head looks past the table
# and knows it. Words come in otherwise than in section 5. Each attribute of what was named judges every patch by itself, and
# the verdicts are *multiplied*: red, **and** a cup, **and** on the left. The reddest box is no cup. Type something else;
# something that is not there.

# %%
LookPanel(grounder, views, "look at the purple thing")

# %% [markdown]
# How often is it right? In pictures of new scenes, for pairs of colour and shape that its training named, and for pairs that
# no training ever named or pointed at (`benchmarks/grounding.py`):

# %%
found_right = {
    "pairs that training named": (751, 795),
    "pairs never named, all": (218, 239),
    "  green cup": (17, 19),
    "  purple bowl": (23, 23),
    "  yellow ball": (27, 29),
    "  white bottle": (11, 19),
}
rates_picture(found_right, success_interval, "The right thing found")

# %% [markdown]
# **Then the robot.** One scene, three sentences; each robot begins with the same pictures. (Ten seconds or so each.)

# %%
from vla_course.simulation.tasks.tasks import task_for
from vla_course.simulation.tasks.understanding import understand

robot = shipped_policy()
scene = task_for(understand("point at the red cup"), np.random.default_rng(2))
sentences = ("point at the red cup", "point at the red ball", "pick up the red cup")
bar, episodes, heard = Bar.shown("obeying"), [], []
for number, sentence in enumerate(sentences):
    bar(number, len(sentences), sentence)
    episodes.append(obey(robot, sentence, scene))
    heard += robot.named
bar(1, 1, "done")
obeyed_picture(episodes)

# %% [markdown]
# There it is: the same picture, another command, another thing done. It is the decisive control: whoever follows the picture
# and not the words would do the same in all three rows. "Done" is not said by the policy but by a rule of physics: in the last
# row the cup is off the table, in the hand, and the robot stands. Two more, from the run of section 9, as films side by side:

# %%
from vla_course.panels.evaluation.films import kept as kept_films
from vla_course.panels.evaluation.wall import FilmWall

films = kept_films(run, data / "evaluation" / "planned")
FilmWall([films["swap/look at/0/0"], films["swap/look at/0/1"]], guess=False)

# %% [markdown]
# What the robot above heard and meant:

# %%
for named in heard:
    print(f"understood: {named.instruction}, {100 * named.confidence:.0f} % sure", end="")
    print("" if named.target is None else f"; seen at {np.round(named.target, 2)} m")

# %% [markdown]
# Your turn: change `sentences`, or the number of the scene. In a terminal, `vla-course run "pick up the red cup"` makes a
# film of it. Where it fails, and how often, is in its [card](../data/models/POLICY_CARD.md).

# %% [markdown]
# ## 11 What is wrong with this robot?
#
# Six copies of the expert of section 6, pushed alike. One is well. The other five have one thing wrong with them each, a
# mistake that people really make. **Match letters and causes before you unfold:**
#
# 1. its labels came a sixth of a second late
# 2. in its round of DAgger its own answers were written down as labels
# 3. in its round of DAgger the expert drove all the time
# 4. its actions were scaled twice on the way to the motors
# 5. its observations come a sixth of a second late

# %%
from vla_course.exercises.day4_training.dagger import dagger_round
from vla_course.panels.swaying.wall import patients, wall_picture

wall_picture(patients(dagger_round))

# %% [markdown]
# <details><summary>Who has what</summary>
#
# - **F** is well.
# - **D** is 4: it does the right thing, half as much as it should. It leans into every push and loses the long ones. (A robot
#   whose actions are normalised twice looks tired.)
# - **E** is 5: it swings, ever wider. What is right comes too late, and then is wrong. Delay makes oscillation; there is no
#   cure in the data, only in the clock.
# - **A** is 1: it swings as well, from the first moment, and falls: it has *learnt* to be late. Before you blame the
#   hardware, look at whether actions and pictures of your dataset are in step.
# - **B** and **C** are 2 and 3, and nobody can tell them apart by looking: both drift off quietly, as the copy did before its
#   round. In both, the round taught it nothing that it did not know. What tells them apart is the *data*: in one the new
#   states are those of falls, in the other they lie on the old ring (`visited_picture`).
# </details>
#
# ### Films of failures
#
# Success rates do not say what to mend; films do. Here are episodes of section 9 in which the shipped robot failed, its cameras
# moved, one for each kind of failure. Watch each to the end, say aloud what went wrong and which part you would look at first
# (ears, eyes, hand, or the rule that ended it), then unfold.

# %%
FilmWall([film for film in films.values() if not film.outcome.done])

# %% [markdown]
# <details><summary>What they have in common</summary>
#
# Every one of them heard its command. What went wrong is where it believes things to be: a picture says in which *direction*
# something lies, and what that is worth depends on where the camera is. Some give up honestly (not sure, out of reach); the
# worst is the one that reaches beside the thing and believes that it is done. On a real robot this is a screw that came loose
# in a camera's mount: calibrate before you retrain.
# </details>
#
# And one from the dataset. Here is an episode of the *expert* that failed. What does one see?

# %%
failed = [one.index for one in demonstrations.episodes if not one.success]
episode_film(demonstrations, failed[0], count=5)

# %% [markdown]
# <details><summary>What happened</summary>
#
# Its noise was on all the time. Its body turns to one side, and to the other, and its hand comes and goes, and never gets near
# enough. It does not fall, nor hit anything; time is up. Whoever looks at success rates alone sees "0 of 1". It is in the
# dataset, marked, so that nobody learns from it, and so that somebody looks at it.
# </details>

# %% [markdown]
# ## 12 What you have, and what comes next
#
# A policy learns from your windows, on your scale, by your loss and your step; you know why it would fall and what to ask an
# expert; you have taught one a new word without its forgetting the old ones; you have let one practise, and beaten its teacher,
# or not, and you can say which.
#
# | | in one line |
# |---|---|
# | behaviour cloning | $\min_\theta\ \operatorname{mean}\,\lvert \pi_\theta(o_t) - a_{t:t+H}\rvert$ over what counts |
# | FiLM | $\gamma(w)\,x + \beta(w)$ |
# | DAgger | data += (states of the learner, answers of the expert) |
# | InfoNCE | cross-entropy of picking one's partner, both ways |
# | LoRA | $W + \frac{\alpha}{r} B A$ |
# | advantage | $A_t = \delta_t + \gamma\lambda A_{t+1}$, until the episode ends |
# | PPO | $\min(\rho A, \operatorname{clip}(\rho)A)$ |
# | Wilson | all $p$ with $\lvert\hat p - p\rvert \le z\sqrt{p(1-p)/n}$ |
# | McNemar | coins of the episodes in which two differ |
# | ECE | $\sum_b \frac{n_b}{n}\,\lvert \text{confidence}_b - \text{success}_b\rvert$ |
#
# What it cannot do yet: a command of two sentences in other words than those it knows (see the chart of section 9); a white
# bottle; and all that takes a teacher for which there is no program. That last one is where the large models come in: they
# begin with the web (Day 1).
#
# **Five questions.** Answer aloud, then unfold.
#
# <details><summary>1. Training loss 0.02, validation 0.02, and the robot falls in two seconds. What do you do first?</summary>
#
# Not train longer. Both numbers are of the expert's states. Let it drive, and look at where it gets; then ask the expert
# there, or collect with noise (section 6).
# </details>
#
# <details><summary>2. A colleague normalises all data, then splits off the validation set. What is wrong?</summary>
#
# The ranges have seen the validation episodes. Fit them to what is learnt from, alone (4.2).
# </details>
#
# <details><summary>3. A policy does the same thing whatever it is told. Name two causes, and an experiment for each.</summary>
#
# Each scene had one command only, so there was nothing to listen to: look for pairs that begin alike. Or words and samples
# were shuffled against each other in the batch: train on four examples, and see whether it can learn them by heart.
# </details>
#
# <details><summary>4. 17 of 20 before, 19 of 20 after. Ship it?</summary>
#
# Suppose the same 20 scenes, two gained, none lost: two coins, p = 0.5. Run 200.
# </details>
#
# <details><summary>5. Why not begin with PPO, and save the demonstrations?</summary>
#
# Count the falls. And the first picture of trying was a robot that fell in a second and a half: with a reward that only comes
# when a cup is lifted, it would never have met one.
# </details>

# %%
progress()

# %% [markdown]
# **Further reading.**
#
# - To begin with: Argall et al. 2009, *A survey of robot learning from demonstration*
#   ([doi:10.1016/j.robot.2008.10.024](https://doi.org/10.1016/j.robot.2008.10.024)).
# - Copies that fall: Ross and Bagnell 2010, *Efficient reductions for imitation learning* ([PMLR
#   9](https://proceedings.mlr.press/v9/ross10a.html)), the $T^2$. Ross, Gordon and Bagnell 2011, DAgger
#   ([arXiv:1011.0686](https://arxiv.org/abs/1011.0686)). Laskey et al. 2017, DART
#   ([arXiv:1703.09327](https://arxiv.org/abs/1703.09327)).
# - Policies: Zhao et al. 2023, ACT ([arXiv:2304.13705](https://arxiv.org/abs/2304.13705)), chunks. Chi et al. 2023,
#   *Diffusion policy* ([arXiv:2303.04137](https://arxiv.org/abs/2303.04137)), two good answers and no mean of them; Lipman et
#   al. 2023, *Flow matching for generative modeling* ([arXiv:2210.02747](https://arxiv.org/abs/2210.02747)), the other way to
#   choose. Perez et al. 2018, FiLM ([arXiv:1709.07871](https://arxiv.org/abs/1709.07871)); Brohan et al. 2022, RT-1
#   ([arXiv:2212.06817](https://arxiv.org/abs/2212.06817)), which uses it. Black et al. 2025, *Training-time
#   action conditioning for efficient real-time chunking* ([arXiv:2512.05964](https://arxiv.org/abs/2512.05964)), the
#   committed steps.
# - Without labels, with few: van den Oord et al. 2018 ([arXiv:1807.03748](https://arxiv.org/abs/1807.03748)), InfoNCE.
#   Sermanet et al. 2018, *Time-contrastive networks* ([arXiv:1704.06888](https://arxiv.org/abs/1704.06888)). Hu et al. 2021,
#   LoRA ([arXiv:2106.09685](https://arxiv.org/abs/2106.09685)). Gal et al. 2022, *An image is worth one word*
#   ([arXiv:2208.01618](https://arxiv.org/abs/2208.01618)), a new row for a new word.
# - By trying: Schulman et al. 2016, advantages ([arXiv:1506.02438](https://arxiv.org/abs/1506.02438)); 2017, PPO
#   ([arXiv:1707.06347](https://arxiv.org/abs/1707.06347)). Hwangbo et al. 2019, *Learning agile and dynamic motor skills for
#   legged robots* ([arXiv:1901.08652](https://arxiv.org/abs/1901.08652)), the same on a real one.
# - How sure: Wilson 1927 ([doi:10.1080/01621459.1927.10502953](https://doi.org/10.1080/01621459.1927.10502953)). McNemar 1947
#   ([doi:10.1007/BF02295996](https://doi.org/10.1007/BF02295996)). Guo et al. 2017, calibration
#   ([arXiv:1706.04599](https://arxiv.org/abs/1706.04599)). Snyder et al. 2025, *Is your imitation learning policy better than
#   mine?* ([arXiv:2503.10966](https://arxiv.org/abs/2503.10966)), tests that may be looked at while they run.
#
# **What comes next.** [Day 2](day2_streaming_pipeline.ipynb) keeps such a policy answering while pictures pour in. Day 5, which
# takes it out of the simulation, is being written. [Day 3](day3_humanoid_balance.ipynb) is the body that did all this, [Day 1](day1_fundamentals.ipynb) the
# mind that it began with.
