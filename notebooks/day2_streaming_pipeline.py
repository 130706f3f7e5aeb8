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
# # Day 2: a pipeline that keeps its deadline
#
# A policy may be as clever as you like. If what it says comes late, it is
# an answer to a picture of the past, and the robot reaches for where the
# cup *was*. Today you follow pictures from the camera to the motors, find
# out where they are held up, and build what keeps them moving: queues,
# overlap, chunks that join without a jerk, and something safe to do when
# nothing comes at all.
#
# | | question | you write | |
# |---|---|---|---|
# | 1 | How old may a picture be? | | ◆ |
# | 2 | What crosses the wire, and whom do you believe? | 2.1 | |
# | 3 | Which frame is looked at next? | 2.2 | ◆ |
# | 4 | Where does the time go? | 2.3 | ◆ |
# | 5 | Who gets an answer, and what can be done at once? | 2.4, 2.5 | ◆ |
# | 6 | What does the robot do meanwhile? | 2.6 to 2.9 | ◆ |
# | 7 | And when no answer comes? | 2.10, 2.11 | ◆ |
# | 8 | And when the server dies? | | ◆ |
# | 9 | What is wrong with this link? | 2.12 | ◆ |
# | 10 | What did the listing get wrong? | | |
# | 11 | What changes on a real robot? | | |
#
# Twelve short functions, three and a half hours of writing. The path marked
# ◆ is two hours and a third; the rest goes deeper.
#
# **Afterwards you will be able to**
#
# - say how old a picture may be, and measure how old it is
# - read a message from a stranger without trusting a byte of it
# - find where a pipeline loses its time, by percentiles and not by means
# - join chunks of actions so that a robot neither waits nor jerks
# - say beforehand what a robot does when each part of it fails.
#
# **What you should know:** Python and NumPy, and roughly what a thread is.
# `async` and `await` are explained where they are needed, in section 5. The
# other days help, and their code is not needed. Three minutes to warm up:
#
# <details><summary>1. A cup goes by at 25 cm/s. Where is it 0.2 s later?</summary>
#
# Five centimetres further on. Open fingers leave two and a half on either
# side.
# </details>
#
# <details><summary>2. A camera makes 30 frames a second, and a model needs 50 ms for one. How many of them can it look at?</summary>
#
# Twenty a second; ten are left over, every second. What becomes of those is
# section 3.
# </details>
#
# <details><summary>3. What is a chunk of actions?</summary>
#
# Several actions in a row that the policy predicts at once (Day 1, section
# 6), here twelve of 0.1 s each. A robot that has a chunk has something to do
# while the next one is on its way.
# </details>
#
# **Drag the sliders first.** Somebody slides a cup to and fro. A hand
# follows it, by pictures that are already some time old, and closes 24
# times. Drawn is the moment at which it missed by most: the filled circle is
# the cup, the dashed one is where the hand believes it to be. From which
# delay on does it miss? And when the cup is twice as fast?

# %%
# %load_ext autoreload
# %autoreload 2
from dataclasses import replace

import torch

from vla_course.course import check, hint, progress, reset, solution
from vla_course.panels.streaming.moving_cup import CupPanel

torch.set_num_threads(1)  # two wait for each other as soon as anything else runs beside this notebook
cup = CupPanel(delay=0.15)
cup

# %% [markdown]
# `autoreload` means: save a file, run the cell again, and the new code runs.
# `hint("2.3")` nudges, `solution("2.3")` shows how the course does it, and
# a cell whose exercise is still empty says which one it waits for.
#
# ## 1 How old may a picture be?
#
# The blue line is how old the picture is that the hand acts on, and it is a
# sawtooth. When an answer comes, the picture that it was made from is
# already as old as the **delay**. Then it goes on ageing until the next
# answer comes: at worst it is about twice as old.
#
# How old it may be is geometry. Something that moves at speed $v$ has gone
# $v \cdot \text{age}$ since it was seen, and the fingers leave a clearance
# $r$ on either side of it:
#
# $$\text{age} \;\le\; \frac{r}{v}$$
#
# That is the dashed line: 2.5 cm at 0.25 m/s are 100 ms. It is not the mean
# age that has to stay below it, but the age at each moment at which the hand
# closes. Leave the delay as it is and raise the **jitter**, by which delays
# differ from one answer to the next. (Green dots above the line were lucky:
# there the cup was turning round, and slow.)
#
# Then tick **aim at where it will be**. A robot that knows how old its
# picture is can allow for it. What does that not help against? (Look at
# where the remaining misses are, and think of somebody who does not move
# the cup evenly.)
#
# **So whatever else it is, every answer has to carry when its picture was
# taken.** Keep that; half of today rests on it.
#
# ### The story of one frame
#
# Here is a frame of our humanoid, timed on this machine. The robot takes
# three pictures, compresses them, reads its own joints, and packs all of it;
# a server reads the packet, checks it, decodes the pictures, thinks and
# answers. **Guess first:** which stage takes longest?

# %%
from vla_course.panels.streaming.frame_story import follow, story_picture

story = follow()
story_picture(story)

# %% [markdown]
# Blue is done on the robot, orange on the server. `photograph` is the
# simulator drawing three pictures (a real camera exposes instead, and often
# compresses on its own chip), and `think` is a network of 1.6 million
# weights and the inverse kinematics of its actions. OpenVLA, with seven
# billion weights, answers about six times a second on an RTX 4090 (Kim et
# al. 2024), and then that bar is all there is.
#
# All of it takes about as long as a camera takes from one frame to the next.
# So what is the problem? Do the same thirty times a second, with a model
# that is slower than the camera, a disk that is busy, a network in between.
# The rest of today is about what happens then.

# %% [markdown]
# ## 2 What crosses the wire
#
# A packet is what the robot saw, sensed and was told at one moment. Here is
# the one from above, byte by byte, 128 bytes a row; the darker a byte, the
# larger its value. Beside it are the fields, each with its size in bytes.

# %%
from vla_course.panels.streaming.packet_pictures import anatomy_picture

anatomy_picture(story.packet)

# %% [markdown]
# Nearly all of it is three JPEGs. Without compression they would be three
# times 27,648 bytes. The format is **msgpack**, a binary cousin of JSON; the
# keys are those of openpi's policy protocol, with some of our own beside
# them (`vla/...`, and in `observation/sensed/...` what the robot's own eyes
# and ears have made of pictures and words). Two of them you will need all
# day: `frame_id`, which counts up, and `timestamp`, on the **monotonic**
# clock of the sender, which never jumps as the clock on the wall may. It
# says how old a picture is, but only to the sender: clocks of two machines
# are never compared.
#
# ### Whom do you believe?
#
# An array crosses as three fields: dtype, shape, data. NumPy makes an array
# of them in no time, `np.ndarray(shape, dtype, data)`, and believes all
# three. openpi's own client library (0.1.2) does just that.
#
# The table below has a few messages from strangers. In the column *believed*
# is what comes of handing each to NumPy as it is, in a process of its own.
# **Guess first** why it needs one.
#
# ### Exercise 2.1: an array from a stranger · 25 minutes
#
# difficulty 3 of 4
#
# **Why:** a server that is crashed by 24 bytes stops every robot that
# listens to it, in mid-step.
#
# **Write** `read_array` in
# [arrays.py](../vla_course/exercises/day2_streaming_pipeline/arrays.py).
#
# **You will see** what NumPy and what your function make of each message.

# %%
check("2.1")

# %%
from vla_course.exercises.day2_streaming_pipeline.arrays import read_array
from vla_course.panels.streaming.packet_pictures import answers_table, claims_table, hostile_messages

claims_table(read_array)

# %% [markdown]
# The last line ends the process. A dtype of `|O` says that these bytes are
# addresses of Python objects. NumPy goes to such an address, and nothing is
# there: a segmentation fault, which no `except` catches. (With addresses
# that are well chosen it is worse than a crash. So is `pickle`, which runs
# what it reads: never unpickle what a stranger sent.)
#
# Now whole messages, each wrong in its own way. Each must be answered with a
# **code** for programs, which never changes, and a sentence for people; and
# the server must still be there afterwards.

# %%
answers_table(hostile_messages(story.packet))

# %% [markdown]
# Each check comes before the step that it makes safe: the number of bytes,
# then of values, depth, keys, arrays, pictures by their header before a
# pixel is decoded, and last what the fields mean. So refusing costs the
# server less than answering: look at the last column. The **decompression
# bomb** is a PNG of some eighty bytes that would unpack to ten gigabytes.

# %% [markdown]
# ## 3 Which frame is looked at next?
#
# The camera makes 30 frames a second, and the model needs 80 ms for one. It
# cannot look at all of them. That does no harm in itself: two pictures taken
# 33 ms apart show much the same. What matters is what becomes of those that
# are left over.
#
# The chapter of code listings that this course grew out of puts them into a
# queue of five; where it is full, the camera waits for a while and then
# drops the frame that it has just taken. **Guess first:** how old is a frame
# when that model looks at it?
#
# Camera and model are two threads that share the queue. A
# `threading.Condition` guards it: `with condition:` lets one of them in at a
# time, and inside, `condition.notify()` wakes one that is waiting in
# `condition.wait_for(...)`, as `get` does in the file.
#
# ### Exercise 2.2: the newest frame wins · 15 minutes
#
# ◆ core path · difficulty 2 of 4
#
# **Why:** a robot that works through a backlog lives in the past, and it
# never gets out again: the camera goes on.
#
# **Write** `NewestQueue.put` in
# [queues.py](../vla_course/exercises/day2_streaming_pipeline/queues.py).
#
# **You will see** how old frames are, with either queue.

# %%
check("2.2")

# %%
from vla_course.exercises.day2_streaming_pipeline.queues import NewestQueue
from vla_course.panels.streaming.stale_frames import ChapterQueue, ages_picture, look

ages_picture({"the chapter's queue": look(ChapterQueue()), "yours": look(NewestQueue(1))}, bears=0.1)

# %% [markdown]
# Five frames of 80 ms each are ahead of every new one, and a sixth is being
# looked at. That does not pass: a full queue stays full. Both models look at
# the same number of frames a second. The whole difference is *which*.
#
# The line is the 100 ms of section 1. To the age that is drawn, add 80 ms of
# thinking, and then the sawtooth: even your frames are too old by the time
# the hand closes. The newest frame is where it begins; section 6 goes on.
#
# What is pushed out is returned, so that its sender can be told
# (`superseded`). **Try** `look(NewestQueue(5))` in the cell above. Is a
# longer queue of yours as good?
#
# ### Fewer frames on purpose
#
# There is another way: do not even offer the model every frame. **Temporal
# sub-sampling** takes every third one here, ten a second, and a model that
# needs 80 ms keeps up with that, whatever the queue. **Guess first:** what
# if it needs 120 ms one day, because something else runs beside it?

# %%
ages_picture(
    {
        "the chapter's, every third, 80 ms": look(ChapterQueue(), every=3),
        "the same, 120 ms": look(ChapterQueue(), every=3, think=0.12),
        "yours, every frame, 120 ms": look(NewestQueue(1), think=0.12),
    },
    bears=0.1,
)

# %% [markdown]
# Sub-sampling saves bandwidth and work, and is right for as long as somebody
# knows how fast the model is. A queue in which the newest frame wins need
# not know.

# %% [markdown]
# ## 4 Where does the time go?
#
# Somebody shows you a pipeline and says: "twenty milliseconds on average,
# and our deadline is 66". Do you buy it?
#
# Here it is: 90 frames at 30 Hz through a real pipeline of threads (three
# seconds). Pictures are really decoded; the model only waits, as a thread
# does that has called a GPU, and on every fortieth frame it is held up.

# %%
from vla_course.panels.streaming.latency import ages_table, latency_picture, measure

measured = measure()
print(f"{len(measured)} frames; the first one: " + ", ".join(f"{stage} {1000 * s:.1f} ms" for stage, s in measured[0].items()))

# %% [markdown]
# The 99th **percentile** (p99) of these times is the one that 99 of 100
# frames do not exceed.
#
# ### Exercise 2.3: where the time goes · 15 minutes
#
# ◆ core path · difficulty 2 of 4
#
# **Why:** no robot ever fell because of a mean. It fell because one packet
# was late.
#
# **Write** `latency_by_stage` in
# [latency.py](../vla_course/exercises/day2_streaming_pipeline/latency.py).
#
# **You will see** which stage is to blame, and how little the mean says
# about it.

# %%
check("2.3")

# %%
from vla_course.exercises.day2_streaming_pipeline.latency import latency_by_stage

latency_picture(measured, latency_by_stage)

# %% [markdown]
# The mean is far from the deadline, and so is the mean of the *worst
# second*, which many dashboards show. The frames that were late are out on
# the right, in the **tail**. (One or two that came behind them are missing:
# they were superseded by newer ones, section 3.) The p99 finds them. At
# 30 Hz, one frame in a hundred is one every three seconds.
#
# On the left, the stages' 99 % do not add up to that of the total. Why not?
# (Ask whether the packet that was slowest in one stage was also slowest in
# the other.)
#
# A robot runs all day, and what is kept of these numbers must not grow: the
# pipeline remembers the last 900 packets and forgets the rest.

# %% [markdown]
# ## 5 What can be done at the same time?
#
# ### Five lines of `async`
#
# A server mostly waits: for packets, for a GPU, for a slow client. The
# **event loop** does all of that waiting in one thread. `async def` makes a
# **coroutine**, a function that can pause; calling it runs nothing yet.
# `await` runs it, and wherever it has to wait the loop gives the thread to
# somebody else. `asyncio.create_task` lets it run beside whoever called.

# %%
import asyncio
from time import perf_counter


async def answer_after(seconds: float) -> float:
    await asyncio.sleep(seconds)  # others run meanwhile; time.sleep would stop everybody
    return seconds


began = perf_counter()
beside = asyncio.create_task(answer_after(0.3))
here = await answer_after(0.2)  # both wait now
print(f"{here} s and {await beside} s, both over after {perf_counter() - began:.1f} s")

# %% [markdown]
# Two waits of 0.5 s in all were over after 0.3 s: they overlapped. A task
# that is no longer wanted is **cancelled**: `asyncio.CancelledError` is
# raised inside it, at its `await`. And a function that yields as well as
# awaits is an **async generator**, read by `async for`.
#
# ### Who gets an answer?
#
# Of twelve packets two cannot be read. "Let it raise" ends the stream.
# "Catch it and carry on" sounds better, and leaves somebody waiting who will
# never know why.
#
# ### Exercise 2.4: one answer to each packet · 12 minutes
#
# ◆ core path · difficulty 2 of 4
#
# **Why:** a robot that waits for an answer which never comes cannot tell a
# bad picture from a dead server. One of them means *hold*, the other *stand*.
#
# **Write** `one_answer` in
# [overlap.py](../vla_course/exercises/day2_streaming_pipeline/overlap.py).
#
# **You will see** a stream with two bad packets, handled in three ways.

# %%
check("2.4")

# %%
from vla_course.exercises.day2_streaming_pipeline.overlap import one_answer
from vla_course.panels.streaming.race import carry_on, fates_picture, let_it_raise

fates_picture({"let it raise": let_it_raise, "catch it, carry on": carry_on, "yours": one_answer})

# %% [markdown]
# ### A race against the camera
#
# Say decoding takes 18 ms and the model 28. One after the other that is
# 46 ms, and the next frame comes after 33. **Guess first:** how old is the
# twelfth frame when its answer comes?
#
# While the model thinks about one frame, the next one could be decoded: a
# **pipeline**, as in a laundry, where one load dries while the next is
# washed. It is a small idea and easy to get wrong: answers out of order, a
# hundred frames prepared in advance for a slow model, a task that runs on
# when nobody listens any more.
#
# ### Exercise 2.5: prepared while the model thinks · 30 minutes
#
# difficulty 4 of 4
#
# **Why:** with the same model, one robot keeps up and another falls further
# behind with every frame.
#
# **Write** `overlapped` in
# [overlap.py](../vla_course/exercises/day2_streaming_pipeline/overlap.py).
#
# **You will see** a lane for each frame, from when it was seen to its answer.

# %%
check("2.5")

# %%
from vla_course.exercises.day2_streaming_pipeline.overlap import overlapped
from vla_course.panels.streaming.race import lanes_picture, one_by_one, race

lanes_picture(
    {
        "one by one": race(one_by_one),
        "yours": race(overlapped),
        "yours, both stages on one core": race(overlapped, one_core=True),
    }
)

# %% [markdown]
# Grey is waiting. In the first picture every frame waits 13 ms longer than
# the one before. In the second nobody waits: the slower stage takes 28 ms,
# and that fits into 33.
#
# The third one is the same code as the second, and it is as late as the
# first. Overlap makes no stage faster. It fills *waiting* with work, while
# the model runs on a GPU or on another core. Two stages that need the same
# core take turns, and so do two threads that both run Python code, for the
# interpreter's lock (the **GIL**) lets one of them run at a time.
# **Before you overlap two things, ask what each of them waits for.**
#
# That is also what the chapter's three CUDA streams got wrong: what ran in
# them was decoding on the CPU, one after the other, and nothing waited for
# anything.

# %% [markdown]
# ## 6 What does the robot do meanwhile?
#
# Your pipeline keeps up. Still, an answer takes its time: 200 ms, say, over
# a network. The robot's own loop runs at 30 Hz and cannot stop for it; it
# has to send something to its motors *now*. What it has is the last chunk.
#
# Below is one joint. Thin orange lines are chunks: each is nearly right, and
# each is wrong in its own way. A light blue bar is an answer on its way; the
# thick line is what the motors get. The first robot plays four actions,
# asks, and **blocks** until the answer comes. The second never waits, and
# **switches** to each new chunk the moment it comes (*asynchronous
# inference*). **Guess first:** which of them should carry your coffee?

# %%
from vla_course.panels.streaming.chunk_traces import (
    merge_picture,
    on_paper,
    on_the_robot,
    paper_picture,
    robot_picture,
    weights_picture,
)
from vla_course.serving.chunks.parts import ChunkParts

paper_picture({"blocking": on_paper("blocking"), "switch": on_paper("switch")})

# %% [markdown]
# Neither. One stands still more than a third of the time, in mid-air. The
# other one jumps: where chunks meet, the **jerk** (the third derivative of
# position, which one feels as a jolt) is many times what it is elsewhere. On
# legs, a jolt in an arm is a push at the shoulder.
#
# ### How long will it take?
#
# A robot that goes on while it waits has to know for how long. It need not
# know exactly, only for how many *actions*.
#
# ### Exercise 2.6: how long to plan for · 15 minutes
#
# ◆ core path · difficulty 2 of 4
#
# **Why:** too few, and the answer comes when there is nothing left to play.
# Too many, and the robot goes on with old decisions for longer than it has
# to.
#
# **Write** `steps_to_wait` in
# [chunks.py](../vla_course/exercises/day2_streaming_pipeline/chunks.py).
#
# **You will see** what three percentiles make of the same fifty delays. One
# of these is the very first: the model was still loading.

# %%
check("2.6")

# %%
import numpy as np

from vla_course.exercises.day2_streaming_pipeline.chunks import steps_to_wait

delays = np.r_[2.8, 0.15 * np.exp(0.2 * np.random.default_rng(0).normal(size=49))]
for name, steps in {
    "half of all come in time": steps_to_wait(delays, 0.1, 50),
    "19 of 20 do": steps_to_wait(delays, 0.1),
    "all that ever came": steps_to_wait(delays, 0.1, 100),
}.items():
    print(f"{name}: wait for {steps} actions of a chunk of twelve")

# %% [markdown]
# The worst delay ever seen is that of a model that was loading. A robot that
# plans for it waits for 28 actions, more than twice what a chunk has, for
# the rest of its life.
#
# ### Ask at every action, and average
#
# A chunk has twelve actions, so for any one moment there may be up to twelve
# predictions, decided at different times. **Temporal ensembling** (ACT, Zhao
# et al. 2023) takes their weighted mean. **Guess first:** which of them
# should count most, the newest?
#
# ACT numbers them by age, $i = 0$ for the one that was decided first, and
# lets the weight fall by the same factor from each to the next, so that all
# of them add up to 1:
#
# $$w_i = \frac{e^{-m i}}{\sum_j e^{-m j}}$$
#
# ### Exercise 2.7: the oldest weighs most · 15 minutes
#
# ◆ core path · difficulty 2 of 4
#
# **Why:** with the weights the other way round the robot trembles: every new
# chunk pulls it to where it says.
#
# **Write** `ensemble_weights` in
# [chunks.py](../vla_course/exercises/day2_streaming_pipeline/chunks.py).
#
# **You will see** your weights, then the joint from above.

# %%
check("2.7")

# %%
from vla_course.exercises.day2_streaming_pipeline.chunks import ensemble_weights

weights_picture(ensemble_weights)

# %%
yours = replace(ChunkParts.reference(), weights=ensemble_weights)
paper_picture({"switch": on_paper("switch"), "ensemble, yours": on_paper("ensemble", parts=yours)})

# %% [markdown]
# With $m$ above 0 what was begun is carried on with, and the new comes in
# slowly. The price is a decision at every action; and look at the bar above
# the lower curve: an answer is always on its way. As each takes 200 ms there
# are four predictions or so for a moment, and not twelve.
#
# ### Fade
#
# Two chunks are enough: **cross-fade** from one to the other within 0.3 s.
# The only trap is what belongs together: not rows of the two chunks that
# have the same number, but those that are due at the same *moment*.
#
# ### Exercise 2.8: from chunk to chunk without a jump · 12 minutes
#
# ◆ core path · difficulty 2 of 4
#
# **Why:** row 3 of one chunk blended with row 3 of the other mixes what is
# due now with what was due a moment ago. It looks smooth, and the hand goes
# where neither of them wanted it.
#
# **Write** `cross_fade` in
# [chunks.py](../vla_course/exercises/day2_streaming_pipeline/chunks.py).
#
# **You will see** the jumps turn into ramps.

# %%
check("2.8")

# %%
from vla_course.exercises.day2_streaming_pipeline.chunks import cross_fade

yours = replace(ChunkParts.reference(), fade=cross_fade)
paper_picture({"switch": on_paper("switch"), "fade, yours": on_paper("fade", parts=yours)})

# %% [markdown]
# ### Promise
#
# Ensemble and fade repair afterwards what need not have broken: the policy
# decided as if nothing happened until its answer came. So tell it what will.
# With its request the robot sends the actions that it is going to do until
# then, the **committed prefix** (your 2.6 says how many), and the policy
# goes on from the last of them. That is **real-time chunking**, in the
# variant for which a policy is trained (Black et al. 2025, *training-time*
# action conditioning). Ours was (exercise 4.3).
#
# When the answer comes, some of its actions have already been due. What is
# still to be played, and from which of the two does each row come?
#
# ### Exercise 2.9: what was promised is kept · 15 minutes
#
# ◆ core path · difficulty 3 of 4
#
# **Why:** played from its first row, the answer repeats what the robot has
# just done: at every new chunk the arm goes back a little.
#
# **Write** `merge_prefix` in
# [chunks.py](../vla_course/exercises/day2_streaming_pipeline/chunks.py).
#
# **You will see** what is left of an answer that comes early, in time, late.

# %%
check("2.9")

# %%
from vla_course.exercises.day2_streaming_pipeline.chunks import merge_prefix

merge_picture(merge_prefix, cases=(1, 3, 5))

# %%
yours = replace(ChunkParts.reference(), merge=merge_prefix)
paper_picture(
    {
        "switch": on_paper("switch"),
        "prefix, yours": on_paper("prefix", parts=yours),
        "prefix and a fade behind it": on_paper("soft", parts=yours),
    }
)

# %% [markdown]
# The policy of this drawing goes on exactly where the prefix ends. A real
# one does so roughly. Half of the prefixes that ours was trained with lay
# beside what the expert did, and the chunk came back from there little by
# little. Displace a prefix, and the answer takes over a part of the
# displacement, **a third** where four actions are given, a twelfth where one
# is (`benchmarks/streaming_prefix.py`). The rest is a jump. Hence the third
# way: a prefix, *and* a fade behind it.
#
# **Try** `on_paper("rolled")` in the cell above: here the policy is not given
# the prefix, but shown the state at its end, *rolled forward* (VLASH, Tang et
# al. 2025), and its chunk starts from where the robot will be. In this
# drawing that comes to the same. What does a prefix tell a real policy that
# a posture does not? (Think of speed, and of two ways round a cup.)
#
# So far that was a drawing. Here is the policy that ships, in physics,
# reaching for a red bowl, with answers that take 200 ms; in three ways, with
# all of your functions (a few seconds).

# %%
from vla_course.exercises.day2_streaming_pipeline.chunks import (
    cross_fade,
    ensemble_weights,
    merge_prefix,
    steps_to_wait,
)
from vla_course.learning.policy.files import load_policy
from vla_course.panels.drawing.progress import Bar

yours, network = ChunkParts(steps_to_wait, ensemble_weights, cross_fade, merge_prefix), load_policy()
bar, played = Bar.shown("reaching"), {}
for number, mode in enumerate(("blocking", "switch", "soft")):
    bar(number, 3, mode)
    played[mode] = on_the_robot(network, mode, parts=yours)
bar(1, 1, "done")
robot_picture(played)

# %% [markdown]
# (*soft* is the prefix with a fade behind it.) The grey robot stops whenever
# it asks, and falls behind. The vermilion one is quick, and jolts: look for
# where the elbow goes back. The blue one is as quick, with less than a tenth
# of that jerk at the borders. One scene proves nothing about success: for
# that, whole families of tasks are run (`benchmarks/streaming_delay.py`). With
# answers of 200 ms, *soft* did 74 of 100, *switch* 71, and *blocking* 75
# though it stood still more than a third of the time; without any delay it
# was 75, 78 and 78. No robot fell. So the delay costs little here, for nothing
# moves in those scenes: whoever waits loses time and nothing else. What tells
# the ways apart is the jolt (*soft* has an eighth of the jerk that *switch*
# has at borders), and what happens as soon as something does move.
#
# **Try** `delay=0.0` and `delay=0.4` in `on_the_robot`. From which delay on
# does *soft* get worse? The policy was trained with up to four committed
# actions, 0.4 s.
#
# ### What smoothness costs
#
# Who is smooth is slow to change his mind. In twelve scenes somebody puts
# the thing 8 cm aside while the hand is on its way, and a twin whose thing
# stays shows when their hands part. **Guess first:** answers take 200 ms;
# how long is it until the hand does something else?
#
# <details><summary>The medians</summary>
#
# *switch* 0.49 s, *fade* 0.63 s, *ensemble* 0.76 s, *prefix* 0.77 s, *soft*
# 0.81 s, and *blocking* 1.13 s (`benchmarks/streaming_reaction.py`). None is
# near 0.2 s. Before an answer is on its way the robot has to ask, which it
# does every 0.4 s; then it carries out what it has promised; then it fades.
# Each of these can be made shorter, and each makes the arm less smooth.
# </details>

# %% [markdown]
# ## 7 When no answer comes
#
# A picture is cut off half-way. A camera's plug came loose. A joint reads
# *nan*. The model raises, or hangs, or the memory is full. Each of these
# will happen, and at a bad moment. A robot on legs cannot raise an exception
# and end. What it does instead is decided beforehand, the best first:
#
# | | what is done | if |
# |---|---|---|
# | 1 | ask a smaller model | the model is at fault, and a smaller one is ready |
# | 2 | go on with the last chunk | some of it is still to come |
# | 3 | hold: keep the posture | the last good answer is not too old |
# | 4 | stand: stop walking, and wait | always |
#
# ### Exercise 2.10: when no answer comes · 15 minutes
#
# ◆ core path · difficulty 2 of 4
#
# **Why:** "it will not happen" is not a plan for 47 kg. And the wrong plan is
# dangerous, too: what a smaller model makes of a torn picture is a guess,
# and looks like any other answer.
#
# **Write** `choose_fallback` in
# [fallback.py](../vla_course/exercises/day2_streaming_pipeline/fallback.py).
#
# **You will see** a stream in which three things go wrong, and response by
# response what is done instead (six seconds).

# %%
check("2.10")

# %%
from vla_course.exercises.day2_streaming_pipeline.fallback import choose_fallback
from vla_course.panels.streaming.fault_panel import FaultPanel
from vla_course.panels.streaming.faults import faults_picture, stream_with

plan = {"picture corrupt": (0.6, 2.2), "model fails": (2.8, 3.8), "memory full": (4.6, 5.0)}
faults_picture(stream_with(plan, 6.2, choose_fallback), plan)

# %% [markdown]
# Read it from left to right. The picture is torn: the last chunk goes on
# until it has ended, then the robot holds, then it stands. The picture is
# good again, and with the very next packet the robot acts: nothing has to be
# reset.
#
# Then the model fails. The smaller one counts as ready only after three
# faults in a row, so first the last chunk goes on, three times. The single
# dot after that is the large model being tried again, and failing again;
# later it succeeds. (In web services this is called a **circuit breaker**,
# Nygard 2007.) With the memory full it is the same.
#
# Now you. Start the stream, and switch faults on while it runs. **Find a
# fault, or two together, for which you would have done something else.**

# %%
FaultPanel(choose_fallback)

# %% [markdown]
# ### Which model has to go?
#
# A smaller model that is ready takes memory, and so do those that hear and
# see. There is room for 12 MB, and five models would need 20. The chapter's
# manager evicts the one that was loaded first. **Guess first:** which one is
# that usually?
#
# ### Exercise 2.11: which model has to go · 15 minutes
#
# difficulty 2 of 4
#
# **Why:** while a model is loaded again the robot waits, just when it needs
# that model.
#
# **Write** `models_to_evict` in
# [memory.py](../vla_course/exercises/day2_streaming_pipeline/memory.py).
#
# **You will see** twenty requests, and which models were in memory at each.

# %%
check("2.11")

# %%
from vla_course.exercises.day2_streaming_pipeline.memory import models_to_evict
from vla_course.panels.streaming.models_kept import kept_picture, loaded_first

kept_picture({"loaded first goes first": loaded_first, "yours": models_to_evict})

# %% [markdown]
# The first to be loaded is one that is needed all the time. It goes, and has
# to come back, and then it is the next one's turn. **Least recently used**
# (LRU) keeps what is in use. (It has a weakness as well: somebody who asks
# all five in turn, again and again. Which one should go then?)

# %% [markdown]
# ## 8 Over the wire
#
# Robot and policy may be on two machines. Here both are on one: the policy
# that ships, behind a websocket, and a client that sends it the frame of
# section 1, then two packets that are wrong, then the same frame once more.
# (In two terminals it is `vla-course serve`, and
# `vla-course drive "pick up the red cup"` for the robot.)

# %%
from vla_course.serving.network.adapter import PacketPolicy
from vla_course.serving.network.client import PolicyClient
from vla_course.serving.network.settings import ServerSettings
from vla_course.serving.network.thread import ServerThread
from vla_course.serving.packets.codes import PacketError
from vla_course.serving.remote.network import DirectNetwork

direct = DirectNetwork(load_policy())
served = ServerThread(PacketPolicy(direct, direct.metadata), ServerSettings(port=0))
with served as server, PolicyClient(server.uri) as client:
    response = client.ask(story.packet)
    print(f"{response.code}: {len(response.actions)} actions of {response.period} s, for frame {response.frame_id}")
    words_for_joints = {"vla/frame_id": 98, "observation/state": "none of your business"}
    for wrong in ({"prompt": "walk"}, story.packet.to_tree() | words_for_joints):
        try:
            client.infer(wrong)
        except PacketError as fault:
            print(f"{fault.code}: {fault}")
    print(f"the frame from before, once more: {client.ask(story.packet).code}")
    print(f"a new one: {client.ask(story.packet.model_copy(update={'frame_id': 99})).code}")

# %% [markdown]
# A bad packet gets a code, and the connection goes on. (A frame that comes a
# second time is `stale`: ids only ever rise.)
#
# ### What did it look at?
#
# An answer can say more than what to do: `confidences`, one for each action,
# and `sources`, the patches of the pictures and the words that the actions
# came from. The policy that ships fills in neither, for it is given places
# and no pixels. The model of Day 1 sees and reads for itself. Here it
# answers the same packet in a `StreamingVLAPipeline`, which is your 2.4 and
# 2.5 with two threads behind them: one cuts pictures and encodes words and
# joints while the model thinks in the other. **Guess first:** it has learned
# nothing yet. How sure is it, and what does it look at?

# %%
from vla_course.learning.model.vla_config import VLAConfig
from vla_course.panels.streaming.packet_pictures import sources_picture
from vla_course.reference.day1_fundamentals.humanoid_vla import HumanoidVLA
from vla_course.serving.stream.pipeline import StreamingVLAPipeline, StreamSettings
from vla_course.serving.stream.vla_model import StreamedVLA

torch.manual_seed(0)
untaught = StreamedVLA(HumanoidVLA.from_config(VLAConfig()))


async def one_packet():
    yield story.wire


patient = StreamSettings(deadline=10.0, stale=10.0)  # the first call of a model is slow
async with StreamingVLAPipeline(untaught, settings=patient) as pipeline:
    async for answer in pipeline.process_stream(one_packet()):
        print(f"{answer.code}: {len(answer.actions)} actions, {100 * answer.confidences[0]:.0f} % sure of them")
sources_picture(story.views, answer)

# %% [markdown]
# Outlined are the eight patches of 108 that weigh most. An even share would
# be 0.9 %, and the heaviest has about half as much again: who has learned
# nothing looks everywhere. (The 2 % are what a model begins with, by
# construction: whoever has never been trained should not claim more.)
# When a robot goes for the wrong cup, did it see something else, or hear
# something else? *Sources* are where you begin to ask. (They say where
# attention went, which is a hint and no proof: what a layer makes of what it
# reads is not in them.)
#
# ### Who is let in?
#
# Who is let in at all is decided before the connection is made. From this
# machine anybody may connect; a server that other machines can reach needs a
# token, and does not even start without one:

# %%
try:
    ServerSettings(host="0.0.0.0")
except ValueError as fault:
    print(fault)

# %% [markdown]
# Why so strict, with a robot in one's own laboratory? Because its network is
# shared with whoever else is in it. (A web page in a browser can reach ports
# of its own machine, too: requests from pages of other origins are refused.)
#
# ### And when it dies
#
# Now the server goes away while the robot walks, and comes back after 2.4
# seconds. All that the robot notices is silence. So its **watchdog** looks
# at one number, on its own clock: how old is the newest answer? **Guess
# first:** should the robot walk on as soon as an answer comes?

# %%
from vla_course.panels.streaming.ladder import ladder_picture, lose_the_server

ladder_picture(lose_the_server())

# %% [markdown]
# It goes down a ladder. First it **holds**, going on with its last command:
# a moment later all may be well. Then it **stands**: what it was walking
# towards may have moved. Then it is **latched**: from here on one answer is
# not enough, and three in a row have to be fresh (the two pink dots at the
# bottom on the right, then it acts). A single answer that comes through a
# failing link is no reason to walk.
#
# A server was killed twenty times in mid-stream, without a farewell. Each
# time the robot's link noticed within 0.08 s, and the robot stood within
# 1.04 s (`benchmarks/streaming_kill.py`). And the public client of openpi,
# which knows nothing of this course, had all of its hundred requests
# answered (`benchmarks/streaming_openpi.py`).
#
# **The watchdog is on the robot.** One that runs beside the model dies with
# it.

# %% [markdown]
# ## 9 What is wrong with this link?
#
# Somebody has handed in a class that remembers when packets were sent, so
# that the age of the picture behind an answer is known. It passed its
# author's own tests. Here is its log of less than a second of a robot's
# life. **Find the lines that cannot be right**, and say what would have to
# be true for each of them, before you look at the code.

# %%
from vla_course.exercises.day2_streaming_pipeline.sent import TRACE, SentPackets

print(TRACE)

# %% [markdown]
# ### Exercise 2.12: a link that was handed in broken · 25 minutes
#
# ◆ core path · difficulty 3 of 4
#
# **Why:** an age that is too small is worse than none. The hand goes out to
# where a cup was long ago, and the robot takes its picture for a fresh one.
#
# **Write** `SentPackets.take` in
# [sent.py](../vla_course/exercises/day2_streaming_pipeline/sent.py);
# `broken_take` is there to be read.
#
# **You will see** the same second, as the broken one told it and as yours
# does.

# %%
check("2.12")

# %%
ages_table(SentPackets, TRACE)

# %% [markdown]
# <details><summary>What was wrong</summary>
#
# - It subtracts a time on the robot's clock from one on the server's. The
#   two are some 0.08 s apart here, by luck; they might be hours. An age
#   below zero gives it away, and clipping it at zero hides it.
# - It takes whatever lies in the slot for the packet that was answered. As
#   soon as a newer packet has taken the slot, a late answer gets the age of
#   that one's picture.
# - It does not forget a packet that was answered, so that an answer which
#   comes twice counts twice.
# </details>

# %% [markdown]
# ## 10 What the listing got wrong
#
# The chapter that this course grew out of has today's pipeline in three
# listings. They are short and read well, and each of these ten lines of
# theirs would sooner or later have cost a robot its balance. On the left is
# the line as it was; on the right is what does its work now. Where that is
# an exercise, it is your own.

# %%
from vla_course.panels.streaming.listing import Repairs

Repairs({"2.2": NewestQueue.put, "2.3": latency_by_stage, "2.5": overlapped, "2.11": models_to_evict})

# %% [markdown]
# Most of them have one thing in common: on the author's desk they work.
# There the clock is right, the queue is never full, the sensor always
# answers, and the program ends before its list is long.

# %% [markdown]
# ## 11 What changes on a real robot
#
# - **The shutter.** A picture is taken over some milliseconds, and comes
#   later still: exposure, read-out, the camera's own queue. The time stamp
#   should be that of the middle of the exposure. Few drivers give it; measure
#   it with a clock in front of the lens.
# - **Cameras disagree.** Three of them are not exposed at the same moment. A
#   hand that is in two pictures is in two places. Trigger them together, or
#   keep a stamp for each.
# - **Two machines, two clocks.** Here nobody compares them. Where one has to
#   (logs, video), PTP keeps them within microseconds; NTP only within
#   milliseconds, and it may step.
# - **Hard real time.** A balance loop at 250 Hz cannot wait for Python. It
#   has a process of its own with real-time priority and memory that is never
#   swapped, and the policy talks to it through a mailbox for one message, in
#   which the newest wins. You have written it (2.2).
# - **Heat and batteries.** After ten minutes a GPU may be slower than in the
#   first. Percentiles from a cold start are advertising.
# - **Wireless.** Its delays have a tail that no mean shows, and they are worst
#   when everybody is there to watch. Put the policy on the robot, or put
#   chunks on the wire.
# - **A red button** that cuts the motors, or brings the robot to a stand, and
#   goes through none of this.

# %% [markdown]
# ## 12 What you have, and what comes next
#
# A stream that checks what it is sent, keeps up, answers every packet, and
# says what it does when it cannot.
#
# | | in one line |
# |---|---|
# | how old a picture may be | $\text{age} \le r / v$ |
# | age at its worst | delay + time until the next answer |
# | throughput one by one, overlapped | $1/(a + b)$, $\ 1/\max(a, b)$ |
# | actions to wait for | $\lceil p_{95}(\text{delay}) / \text{period} \rceil$ |
# | temporal ensemble | $w_i \propto e^{-m i}$, $i = 0$ the oldest |
# | cross-fade | $(1 - f)\,\text{old} + f\,\text{new}$, $f$ rising with time from 0 to 1 |
# | committed prefix | the first $d$ rows as promised, then what has passed left out |
# | jerk | third difference over time³, at borders and elsewhere |
#
# | word | |
# |---|---|
# | latency, throughput | how long a frame takes, and how many there are a second; one may be good and the other bad |
# | tail latency | what all but the slowest one in a hundred stay below (p99) |
# | jitter | how much delays differ |
# | event loop, coroutine | one thread that runs many functions, each until it has to wait |
# | back-pressure | a sender that is too fast is slowed down; a camera cannot be, and is told `superseded` instead |
# | asynchronous inference | the next chunk is asked for while the last one plays |
# | monotonic clock | never jumps, and means nothing on another machine |
# | graceful degradation | doing less, on purpose and in order, instead of nothing |
# | circuit breaker | after some faults, do not ask for a while |
# | watchdog | acts when nothing is heard |
#
# **Five questions.** Answer aloud, then unfold.
#
# <details><summary>1. Your pipeline delivers 30 Hz. Is it fast?</summary>
#
# One cannot tell. With the chapter's queue there are as many answers a
# second as with yours, each half a second old. Ask for ages.
# </details>
#
# <details><summary>2. A colleague makes the queue longer, so that no frame is lost. What do you say?</summary>
#
# That a frame which nobody will look at in time is not worth keeping. A
# longer queue loses time instead of frames.
# </details>
#
# <details><summary>3. Decoding takes 10 ms, the model 40. Overlapped, how many frames a second? And with twice the decoders?</summary>
#
# 25, and 25. The slowest stage sets the pace.
# </details>
#
# <details><summary>4. Why does a prefix help more than a fade, where the policy follows it?</summary>
#
# A fade goes from one plan to another, and both may be good while their mean
# is not (two ways round a cup, Day 4). With a prefix there is only one.
# </details>
#
# <details><summary>5. The model is replaced by one that is twice as good and takes twice as long. Better?</summary>
#
# Measure it where it acts: success at each one's own delay, on the same
# scenes. For a cup that stands still, perhaps; for one that moves see
# section 1.
# </details>

# %%
progress()

# %% [markdown]
# **Further reading.**
#
# - Chunks: Zhao et al. 2023, ACT
#   ([arXiv:2304.13705](https://arxiv.org/abs/2304.13705)), the ensemble.
#   Black, Galliker and Levine 2025, *Real-time execution of action chunking
#   flow policies* ([arXiv:2506.07339](https://arxiv.org/abs/2506.07339)), the
#   prefix without training; Black et al. 2025, *Training-time action
#   conditioning* ([arXiv:2512.05964](https://arxiv.org/abs/2512.05964)), the
#   one of 2.9. Tang et al. 2025, VLASH
#   ([arXiv:2512.01031](https://arxiv.org/abs/2512.01031)), the state rolled
#   forward (`rolled`).
# - Slow models: Kim et al. 2024, OpenVLA
#   ([arXiv:2406.09246](https://arxiv.org/abs/2406.09246)).
# - Delay: Dean and Barroso 2013, *The tail at scale*
#   ([doi:10.1145/2408776.2408794](https://doi.org/10.1145/2408776.2408794)),
#   why percentiles.
# - Failing well: Nygard 2007, *Release It!*, breakers and bulkheads. Sha
#   2001, *Using simplicity to control complexity*
#   ([doi:10.1109/MS.2001.936213](https://doi.org/10.1109/MS.2001.936213)), a
#   simple controller that watches over a clever one.
# - The wire: [openpi](https://github.com/Physical-Intelligence/openpi), whose
#   protocol we speak; [msgpack](https://msgpack.org);
#   [websockets](https://websockets.readthedocs.io).
#
# **What comes next.** [Day 3](day3_humanoid_balance.ipynb) is the body that
# carries out what you stream, [Day 4](day4_training.ipynb) how what answers
# it learns, [Day 1](day1_fundamentals.ipynb) what it is made of.
