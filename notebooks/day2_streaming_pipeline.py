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
# out where they lie about, and build what keeps them moving: queues,
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
# ◆ is two hours and a third of them; the rest goes deeper.
#
# **Afterwards you will be able to**
#
# - say how old a picture may be, and measure how old it is
# - read a message from a stranger without believing a byte of it
# - tell where a pipeline loses its time, by percentiles and not by means
# - join chunks of actions so that a robot neither waits nor jerks
# - say beforehand what a robot does when each part of it fails.
#
# **What you should know:** what a thread is, and what `async` and `await`
# do (roughly will do). The other days help, and their code is not needed.
# Three minutes to warm up:
#
# <details><summary>1. A cup goes by at 25 cm/s. Where is it 0.2 s later?</summary>
#
# Five centimetres on. The fingers leave two and a half to either side.
# </details>
#
# <details><summary>2. A function with <code>await asyncio.sleep(1)</code> in it, and one with <code>time.sleep(1)</code>: which of them lets others run meanwhile?</summary>
#
# The first. The second holds its thread; on the event loop that is
# everybody's.
# </details>
#
# <details><summary>3. What is a chunk of actions?</summary>
#
# Several actions that one decision says at once (Day 1, section 6), here
# twelve of 0.1 s each. A robot that has a chunk has something to do while
# the next decision is on its way.
# </details>
#
# **Drag the sliders first.** Somebody draws a cup to and fro; below, a hand
# follows it, by pictures that are some time old, and closes 24 times. From
# which delay on does it miss? And with twice the speed?

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
# The blue line is a saw, and not a level. When an answer comes, the picture
# that it was made from is already as old as the **delay**. Then it goes on
# ageing, until the next answer comes: at worst it is about twice as old.
#
# What a robot can bear is no matter of taste. Something that moves with $v$
# has gone $v \cdot \text{age}$ since it was seen, and the fingers leave it
# a room $r$ to either side:
#
# $$\text{age} \;\le\; \frac{r}{v}$$
#
# That is the dashed line: 2.5 cm at 0.25 m/s are 100 ms. Not the mean age
# has to be below it. Every single one does at which the hand closes: raise
# the *jitter*, and leave the delay as it is. (Green dots above the line were
# lucky: there the cup was turning, and slow.)
#
# Then tick **aim at where it will be**. A robot that knows how old its
# picture is can reckon with it. What does that not help against? (Look at
# where the misses are that remain, and think of somebody who does not draw
# the cup evenly.)
#
# **So whatever else it is, every answer has to carry when its picture was
# taken.** Keep that; half of today rests on it.
#
# ### The story of one frame
#
# Here is a frame of our humanoid, timed on this machine. It photographs,
# compresses, feels, packs; somewhere else the packet is read, distrusted,
# decoded, thought about and answered. **Guess first:** which stage takes
# longest?

# %%
from vla_course.panels.streaming.frame_story import follow, story_picture

story = follow()
story_picture(story)

# %% [markdown]
# Blue is done on the robot, orange on the server. Photographing is the
# simulator's own work (a real camera exposes, and its chip compresses), and
# `think` is a network of 1.6 million weights and the inverse kinematics of
# its actions. OpenVLA, with seven billion weights, answers about six times a
# second on a large GPU (Kim et al. 2024), and then that bar is all there is.
#
# All of it fits between two frames here. So what is the problem? Run the
# same thirty times a second, with a model that is slower than the camera, a
# disk that is busy, a network in between. The rest of today is about what
# happens then.

# %% [markdown]
# ## 2 What crosses the wire
#
# A packet is what the robot saw, felt and was told at one moment. Here is
# the one from above, byte by byte, 128 bytes a row; the darker a byte, the
# larger its number.

# %%
from vla_course.panels.streaming.packet_pictures import anatomy_picture

anatomy_picture(story.packet)

# %% [markdown]
# Nearly all of it is three JPEGs. Without compression they would be three
# times 27,648 bytes. The form is **msgpack**, a binary cousin of JSON; the
# keys are those of openpi's policy protocol, with a few of our own beside
# them (`vla/...`). Two of these you will need all day: `frame_id`, which is
# counted, and `timestamp`, on the **monotonic** clock of the sender. It
# tells how old a picture is, to the sender alone. Clocks of two machines
# are never compared.
#
# ### Whom do you believe?
#
# An array crosses as three fields: dtype, shape, data. NumPy makes an array
# of them in no time, `np.ndarray(shape, dtype, data)`, and believes all
# three. openpi's own client library (0.1.2) does just that.
# Below are a few claims from strangers. Those in the second column were
# handed to NumPy as they are, in a process of its own. **Guess first** why
# it needs one.
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
# **You will see** the same claims, believed and not.

# %%
check("2.1")

# %%
from vla_course.exercises.day2_streaming_pipeline.arrays import read_array
from vla_course.panels.streaming.packet_pictures import answers_table, claims_table, hostile_messages

claims_table(read_array)

# %% [markdown]
# The last line ends the process. A dtype of `|O` says: these bytes are
# addresses of Python objects. NumPy goes there, and there is nothing. No
# `except` catches that. (With addresses that are well chosen it is worse
# than a crash. The same is true of `pickle`, which runs what it reads: never
# unpickle what a stranger sent.)
#
# Now whole messages, each wrong in its own way. What must come of every one
# of them is a **code**, for programs, that never changes; a sentence, for
# people; and a server that is still there.

# %%
answers_table(hostile_messages(story.packet))

# %% [markdown]
# Each step is bounded before the next begins: bytes, then values, depth,
# keys, arrays, pictures by their header before a pixel is decoded, and last
# what the fields mean. So being refused is cheap: look at the last column.
# The bomb is a PNG of some eighty bytes that asks for ten gigabytes.

# %% [markdown]
# ## 3 Which frame is looked at next?
#
# The camera makes 30 frames a second, and the model needs 80 ms for one. It
# cannot look at all of them. That is no harm: two pictures that are 33 ms
# apart show much the same. The harm is done by what one does with those
# that are left over.
#
# The listing in the chapter that this course grew out of puts them into a
# queue of five, and where it is full the camera waits for a while and then
# drops the frame that it has just taken. **Guess first:** how old is a frame
# when that model looks at it? Everything in there was new once.
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
# Five frames of 80 ms lie before each new one, and one more is in work. Not
# for a moment, but for ever: a full queue stays full. Both models look at
# the same number of frames a second. The whole difference is *which*.
#
# The line is the 100 ms of section 1. To the age that is drawn, add the
# 80 ms of thinking, and then the saw. Now you know why the newest frame is
# only the beginning.
#
# What is pushed out is returned, for whoever sent it has to be told
# (`superseded`). **Try** `look(NewestQueue(5))`. Is a longer queue of yours
# as good?

# %% [markdown]
# ## 4 Where does the time go?
#
# Somebody shows you a pipeline and says: "twenty ms on the average, and our
# deadline is 66". Buy it?
#
# Here it is: 90 frames through a pipeline in threads, a real one, at 30 Hz
# (three seconds). Its pictures are decoded in earnest; its model only waits,
# as who calls a GPU does, and every fortieth time something else comes in
# between.

# %%
from vla_course.panels.streaming.latency import ages_table, latency_picture, measure

measured = measure()
print(f"{len(measured)} frames; the first one: " + ", ".join(f"{stage} {1000 * s:.1f} ms" for stage, s in measured[0].items()))

# %% [markdown]
# ### Exercise 2.3: where the time goes · 15 minutes
#
# ◆ core path · difficulty 2 of 4
#
# **Why:** no robot ever fell over a mean. It was one packet that came late.
#
# **Write** `latency_by_stage` in
# [latency.py](../vla_course/exercises/day2_streaming_pipeline/latency.py).
#
# **You will see** which stage is to blame, and what the mean has to say of
# it.

# %%
check("2.3")

# %%
from vla_course.exercises.day2_streaming_pipeline.latency import latency_by_stage

latency_picture(measured, latency_by_stage)

# %% [markdown]
# The mean is far from the deadline, and so is the mean of the *worst
# second*, which many dashboards show. The frames that were late are out on the
# right (the **tail**); one or two that came behind them are missing, for they
# were overtaken by newer ones (section 3). A **percentile** finds them: 99 % of
# frames took no longer than that. At 30 Hz, one in a hundred is one every
# three seconds.
#
# On the left, the stages' 99 % do not add up to that of the total. Why not? (Ask
# whether the packet that was slowest in one was also slowest in the other.)
#
# Days are long. What is kept of these numbers must not grow: the pipeline
# remembers the last 900 packets and forgets the rest.

# %% [markdown]
# ## 5 What can be done at the same time?
#
# First, who gets an answer at all? Of twelve packets two cannot be read.
# "Let it raise" ends the stream. "Catch it and carry on" sounds better, and
# leaves somebody waiting who will never know why.
#
# ### Exercise 2.4: one answer to each packet · 12 minutes
#
# ◆ core path · difficulty 2 of 4
#
# **Why:** who waits for an answer that never comes cannot tell a bad picture
# from a dead server. One of them means *hold*, the other one *stand*.
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
# Now time. Say decoding takes 18 ms and the model 28. One after the other
# that is 46 ms, and the next frame comes after 33. **Guess first:** how old
# is the answer to the twelfth frame?
#
# While the model thinks about one frame, the next one could be decoded: a
# **pipeline**, as in a laundry. That is all there is to it, and still it is
# easily got wrong: answers out of order, a hundred frames prepared in advance
# for a slow model, a task that runs on when nobody listens any more.
#
# ### Exercise 2.5: prepared while the model thinks · 30 minutes
#
# difficulty 4 of 4
#
# **Why:** it is the difference between a robot that keeps up and one that
# falls behind by a bit more with every frame, with the same model.
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
# first. Overlap makes nothing faster. It fills *waiting* with work: while
# the model runs on a GPU, or on another core. Two stages that need the same
# core take turns, and so do two threads of Python that hold its lock.
# **Before you overlap two things, ask what each of them waits for.**
#
# That is also what the three CUDA streams of the listing got wrong: what ran
# in them was decoding on the processor, one after the other, and nothing
# waited for anything.

# %% [markdown]
# ## 6 What does the robot do meanwhile?
#
# Your pipeline keeps up. Still an answer takes its time: 200 ms, say, over a
# network. The robot's own loop runs at 30 Hz and cannot stop for it; it has
# to send something to its motors *now*. What it has is the chunk from last
# time.
#
# Below, one joint. Thin orange lines are chunks: each decision is right but
# for a little, each time another little. Blue above is an answer on its way;
# the thick line is what the motors get. The first robot plays four actions,
# asks, and **waits**. The second never waits, and **switches** to each new
# chunk the moment it comes. **Guess first:** which would you rather have
# carry your coffee?

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
# Neither. One stands still more than a third of the time, in mid-air. The other one
# jumps: where chunks meet, the **jerk** (the third derivative, what one
# feels as a jolt) is many times what it is elsewhere. On legs, a jolt in
# an arm is a push at the shoulder.
#
# ### How long will it take?
#
# Whoever goes on while he waits has to know for how long. Not exactly: for
# how many *actions*.
#
# ### Exercise 2.6: how long to plan for · 15 minutes
#
# ◆ core path · difficulty 2 of 4
#
# **Why:** too few, and the answer comes when there is nothing left to play.
# Too many, and the robot does old things for longer than it has to.
#
# **Write** `steps_to_wait` in
# [chunks.py](../vla_course/exercises/day2_streaming_pipeline/chunks.py).
#
# **You will see** what mean, worst and percentile make of the same fifty
# delays. One of them is the very first: the model was still loading.

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
# The worst delay ever seen is that of a model that loads. Who plans for it
# plans for the first second of the robot's life, for ever.
#
# ### Ask at every action, and average
#
# A chunk says twelve actions, so for any one moment there may be twelve
# opinions, of different age. **Temporal ensembling** (ACT, Zhao et al. 2023)
# does their weighted mean. With which weights? Opinions are numbered by
# age, $i = 0$ for the one decided first:
#
# $$w_i = \frac{e^{-m i}}{\sum_j e^{-m j}}$$
#
# **Guess first:** which one should count most, the newest?
#
# ### Exercise 2.7: the oldest weighs most · 15 minutes
#
# ◆ core path · difficulty 2 of 4
#
# **Why:** whoever turns the weights round gets a robot that trembles: each
# new opinion shakes it.
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
# Blue bars are the oldest opinion, vermilion the newest. What was begun is
# carried on with, and the new comes in slowly. It costs a decision at every
# action; and look at the line above the lower picture: an answer is always
# on its way. With 200 ms there are no more than one or two opinions per
# moment.
#
# ### Fade
#
# Cheaper: two chunks, and go over from one to the other within 0.3 s. The
# only trap is what belongs together: not the rows of the two chunks but the
# *moments* at which they are due.
#
# ### Exercise 2.8: from chunk to chunk without a jump · 12 minutes
#
# ◆ core path · difficulty 2 of 4
#
# **Why:** a third row that is blended with a third row blends now with a
# moment ago. It is smooth, and wrong.
#
# **Write** `cross_fade` in
# [chunks.py](../vla_course/exercises/day2_streaming_pipeline/chunks.py).
#
# **You will see** the corners go.

# %%
check("2.8")

# %%
from vla_course.exercises.day2_streaming_pipeline.chunks import cross_fade

yours = replace(ChunkParts.reference(), fade=cross_fade)
paper_picture({"switch": on_paper("switch"), "fade, yours": on_paper("fade", parts=yours)})

# %% [markdown]
# ### Promise
#
# All of that mends what the policy broke: it decided as if nothing happened
# meanwhile. Tell it. With its question the robot sends what it *will* do
# until the answer is there, the **committed prefix** (your 2.6 says how
# much), and the policy goes on from its end. That is **training-time
# real-time chunking** (Black et al. 2025): a policy has to be trained for
# it, and ours was (exercise 4.3).
#
# When the answer comes, some of it is over. What of it is still to be
# played, and which rows come from where?
#
# ### Exercise 2.9: what was promised is kept · 15 minutes
#
# ◆ core path · difficulty 3 of 4
#
# **Why:** played from its first row, the answer repeats what the robot has
# just done: a step back, ten times a second.
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
# The policy on this paper does what it was trained for to the point: it goes
# on exactly where the prefix ends. A real one does so roughly. Half of the
# prefixes that ours was trained with lay beside what the expert did, and the
# chunk came back from there little by little; of one that it would not have
# chosen itself it takes over a part, **a third** where four actions are
# given, a twelfth where one is (`benchmarks/streaming_prefix.py`). The
# rest is a jump. Hence the third way: a prefix, *and* a fade behind it.
#
# Enough paper. Here is the policy that ships, in physics, reaching for a
# thing, with answers that take 200 ms; three ways, with all of your
# functions (a few seconds).

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
# The grey robot stops whenever it asks, and is a second behind. The
# vermilion one is quick, and jolts (look for where the joint goes there and
# back). The blue one is as quick, and its jerk at borders is a tenth or so of
# that.
# One scene proves nothing about success: for that, whole families of tasks
# are run with each mode and each delay (`benchmarks/streaming_delay.py`).
#
# **Try** `delay=0.0` and `delay=0.4`. From where on does *soft* give in? The
# chunk lasts 1.2 s, and nobody can promise more than the chunk has left.

# %% [markdown]
# ## 7 When no answer comes
#
# A picture is torn. A camera's plug came loose. A joint says *nan*. The model
# raises, or hangs, or the memory is full. Each of these will happen, and at
# no good moment. A robot on legs cannot raise an exception and end. It is
# told beforehand what to do, the best first:
#
# | | is done | if |
# |---|---|---|
# | 1 | ask a smaller model | the model is at fault, and one is ready |
# | 2 | go on with the last chunk | it reaches beyond now |
# | 3 | hold | the last good answer is not too old |
# | 4 | stand | always |
#
# ### Exercise 2.10: when no answer comes · 15 minutes
#
# ◆ core path · difficulty 2 of 4
#
# **Why:** "it will not happen" is not a plan for 47 kg. And the wrong plan is
# dangerous in another way: a smaller model for a torn picture is a guess,
# made with confidence.
#
# **Write** `choose_fallback` in
# [fallback.py](../vla_course/exercises/day2_streaming_pipeline/fallback.py).
#
# **You will see** a stream in which three things go wrong, and what it says
# it does instead, response by response (six seconds).

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
# well again, and with the very next packet it acts: nothing has to be reset.
#
# Then the model fails: three times the last chunk, and after three faults in
# a row the smaller model is asked. The single dots in between are the great
# one being tried again, and failing again. (In other trades this is called a
# **circuit breaker**, Nygard 2007.)
#
# Now you. Start the stream, and pull plugs while it runs. **Find a fault, or
# two together, for which what it does seems wrong to you.**

# %%
FaultPanel(choose_fallback)

# %% [markdown]
# ### Which model has to go?
#
# A smaller model that is ready takes memory, and so do ears and eyes. There
# is room for 12 MB, and five models would need 20. The chapter's manager
# lets go of the one that was loaded first. **Guess first:** which one is that
# usually?
#
# ### Exercise 2.11: which model has to go · 15 minutes
#
# difficulty 2 of 4
#
# **Why:** a model that is loaded again is a robot that waits, at the moment
# when it needs it.
#
# **Write** `models_to_evict` in
# [memory.py](../vla_course/exercises/day2_streaming_pipeline/memory.py).
#
# **You will see** twenty questions, and who was there when asked.

# %%
check("2.11")

# %%
from vla_course.exercises.day2_streaming_pipeline.memory import models_to_evict
from vla_course.panels.streaming.models_kept import kept_picture, loaded_first

kept_picture({"loaded first goes first": loaded_first, "yours": models_to_evict})

# %% [markdown]
# The first to be loaded is the one that is needed all the time. It goes, and
# has to come back, and then it is the next one's turn. **Least recently
# used** keeps what is in use. (It has a weakness as well: somebody who asks
# six models in a circle. Which one should go then?)

# %% [markdown]
# ## 8 Over the wire
#
# Robot and policy may be on two machines. Here are both on one: the policy
# that ships, behind a websocket, and a client that sends it the frame of
# section 1. In a terminal the two halves are `vla-course serve` and
# `vla-course drive "pick up the red cup"`.

# %%
from vla_course.panels.streaming.ladder import ladder_picture, lose_the_server
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
    for wrong in ({"prompt": "walk"}, story.packet.to_tree() | {"observation/state": "none of your business"}):
        try:
            client.infer(wrong)
        except PacketError as fault:
            print(f"{fault.code}: {fault}")
    print(f"the frame from before, once more: {client.ask(story.packet).code}")
    print(f"a new one: {client.ask(story.packet.model_copy(update={'frame_id': 99})).code}")

# %% [markdown]
# A bad packet gets a code, and the connection goes on. (A frame that comes a
# second time is `stale`: ids only ever rise.) Who is let in at all
# is decided before the connection is made. On this machine anybody may; who
# listens to the world needs a token, and is not even started without:

# %%
try:
    ServerSettings(host="0.0.0.0")
except ValueError as fault:
    print(fault)

# %% [markdown]
# Why so strict, with a robot in one's own laboratory? Because a page in a
# browser can reach the ports of its own machine, and networks are shared
# with whoever is in them.
#
# ### And when it dies
#
# Now the server goes away while the robot walks, and comes back after 2.4
# seconds. The robot learns nothing of it but silence. So it looks at one
# number, on its own clock: how old is the newest answer? **Guess first:**
# should it walk on as soon as one comes?

# %%
ladder_picture(lose_the_server())

# %% [markdown]
# A ladder, rung by rung. It **holds**: a moment later all may be well. It
# **stands**: what it was walking towards may have moved. It is **latched**:
# from here on one answer is not enough, and three in a row have to be fresh
# (the two pink dots at the bottom on the right). One answer that slipped
# through a broken wire is no policy.
#
# Killed twenty times in mid-stream, without a farewell, a server was missed
# by the link within 0.08 s, and the robot stood within 1.04 s, every time
# (`benchmarks/streaming_kill.py`). And the public client of openpi, which
# knows nothing of us, had all of its hundred requests answered
# (`benchmarks/streaming_openpi.py`).
#
# **The watchdog is on the robot.** One that runs beside the model dies with
# it.

# %% [markdown]
# ## 9 What is wrong with this link?
#
# Somebody has handed in a class that remembers when packets were sent, so
# that the age of an answer is known. It has passed his own tests. Here is
# what it wrote down in less than a second of a robot's life. **Find the
# lines that cannot be**, and say of each what would have to be true for it,
# before you look at the code.

# %%
from vla_course.exercises.day2_streaming_pipeline.sent import TRACE, SentPackets

print(TRACE)

# %% [markdown]
# ### Exercise 2.12: a link that was handed in broken · 25 minutes
#
# ◆ core path · difficulty 3 of 4
#
# **Why:** an age that is too small is worse than none. The hand goes out for
# a cup that is long gone, and the robot is sure of it.
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
# - It subtracts a moment of the robot's clock from one of the server's. The
#   two are some 0.08 s apart here, by luck; they might be hours. An age
#   below zero gives it away, and cutting it off at zero hides it.
# - It takes whatever lies in the slot for the packet that was answered. Once
#   more packets are under way than there are slots, a late answer gets the
#   age of a newer picture.
# - It does not forget a packet that was answered, so that an answer which
#   comes twice counts twice.
# </details>

# %% [markdown]
# ## 10 What the listing got wrong
#
# The chapter that this course grew out of has the pipeline of today in three
# listings. They are short, and read well, and ten of their lines would have
# cost a robot. On the left they are as they were; on the right is what
# stands there now. Where that is an exercise, it is your own.

# %%
from vla_course.panels.streaming.listing import Repairs

Repairs({"2.2": NewestQueue.put, "2.3": latency_by_stage, "2.5": overlapped, "2.11": models_to_evict})

# %% [markdown]
# Most of them have one thing in common: on the author's desk they work. The
# clock is right there, the queue is never full, the sensor always answers,
# and the program is ended before its list is long.

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
#   milliseconds, and it jumps.
# - **The loop is hard.** 250 times a second no longer waits for Python: it
#   runs in a process of its own, in real time, with memory that is never
#   swapped, and the policy talks to it through one small mailbox in which the
#   newest wins. You have written it (2.2).
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
# A stream that believes nothing, forgets nothing that it still needs, keeps
# up, and says what it does when it cannot.
#
# | | in one line |
# |---|---|
# | how old a picture may be | $\text{age} \le r / v$ |
# | age at its worst | delay + time to the next answer |
# | throughput one by one, overlapped | $1/(a + b)$, $\ 1/\max(a, b)$ |
# | actions to wait for | $\lceil p_{95}(\text{delay}) / \text{period} \rceil$ |
# | temporal ensemble | $w_i \propto e^{-m i}$, $i = 0$ the oldest |
# | cross-fade | $(1 - f)\,\text{old} + f\,\text{new}$, $f$ by the clock |
# | committed prefix | first $d$ rows kept, then what has passed left out |
# | jerk | third difference over time³, at borders and elsewhere |
#
# | word | |
# |---|---|
# | latency, throughput | how long one takes, and how many there are a second; one may be well and the other not |
# | tail latency | what the slowest one in a hundred takes (p99) |
# | jitter | how much delays differ |
# | back-pressure | who is too quick is made to wait; here he is told `superseded` instead |
# | monotonic clock | never jumps, and means nothing on another machine |
# | graceful degradation | doing less, on purpose and in order, instead of nothing |
# | circuit breaker | after some faults, do not ask for a while |
# | watchdog | acts on silence |
#
# **Five questions.** Answer aloud, then unfold.
#
# <details><summary>1. Your pipeline delivers 30 Hz. Is it quick?</summary>
#
# Nobody knows. The chapter's queue delivers as many answers a second as
# yours, each half a second old. Ask for ages.
# </details>
#
# <details><summary>2. A colleague makes the queue longer, so that no frame is lost. What do you say?</summary>
#
# That no frame is worth keeping which nobody will look at in time. A longer
# queue moves the loss from frames to seconds.
# </details>
#
# <details><summary>3. Decoding takes 10 ms, the model 40. Overlapped, how many frames a second? And with twice the decoders?</summary>
#
# 25, and 25. The slowest stage sets the pace.
# </details>
#
# <details><summary>4. Why does a prefix help more than a fade, where the policy heeds it?</summary>
#
# A fade goes from one opinion to another, and both may be good while their
# mean is not (two ways round a cup, Day 4). With a prefix there is only one.
# </details>
#
# <details><summary>5. The model is replaced by one that is twice as good and takes twice as long. Better?</summary>
#
# Measure it where it acts: success against delay, in pairs. For a cup that
# stands still perhaps; for one that moves see section 1.
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
#   forward: mode `rolled`.
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
