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
# # Day 1: a model that sees, reads and acts
#
# "Pick up the red cup." Five words and a cup: a child does it, and for a humanoid it is sixty years of robotics. Today
# you build the model that ties pictures, words and joints together: ten short functions, a little over three hours of writing.
# Then you take it apart to see which part reads from which, put a stopwatch to it, and find six faults in two listings that
# look perfectly fine.
#
# | | question | you write |
# |---|---|---|
# | 1 | What is it all for? | |
# | 2 | Why one model, and not three programs? | |
# | 3 | What do pictures and words know of each other? | |
# | 4 | What does the model get to see, and what does a sentence weigh? | 1.1, 1.2 |
# | 5 | How do patches, words and joints meet? | 1.3, 1.4 |
# | 6 | What comes out, and may it ever hurt? | 1.5, 1.6, 1.7 |
# | 7 | A whole humanoid | 1.8 |
# | 8 | Is it fast enough, and why is it not faster? | 1.9, 1.10 |
# | 9 | What did the listings get wrong? | |
# | 10 | What can it do? | |
#
# Where tokens are drawn, <span style="color:#0072B2">**blue is what the robot sees**</span>,
# <span style="color:#D55E00">**vermilion what it reads**</span>,
# <span style="color:#009E73">**green what it feels of itself**</span> and
# <span style="color:#CC79A7">**pink where its hands should be**</span>.

# %%
# %load_ext autoreload
# %autoreload 2
from vla_course.course import check, hint, progress, reset, solution
from vla_course.panels.model.told import tell, told_film

# %% [markdown]
# `autoreload` means: save a file, run the cell again, and the new code runs. Stuck at 1.3? `hint("1.3")` nudges, and nudges
# harder when asked again; `solution("1.3")` shows how the course does it.
#
# ## 1 What it is all for
#
# A robot stands before a table, and somebody says a sentence to it. Rows, from above: what a visitor sees, and what the
# robot's own three cameras see, in its head, chest and pelvis.

# %%
told = tell("pick up the red cup", seed=6)
print(f"The robot was told to {told.sentence}: {told}.")
told_film(told)

# %% [markdown]
# Look at the lowest row: feet. The head sees them only while it happens to look down; a humanoid that walks wants to know at all
# times what is going on there. And look at the head camera when the hand closes: its own arm comes between it and the cup.
# The chest sees past it.
#
# **Who acted here?** To be honest: not a model. It was the *expert*, a program that knows where everything is to the
# millimetre, plans and moves with the planners and controllers of Day 3, and never looked at one of these pictures. On Day 4 it becomes a teacher, and
# a learned policy that has nothing but these pictures, the sentence and its own joints is to do the same. What such a policy
# looks like inside is what today is about.
#
# What it will get is this, once every tenth of a second:

# %%
now = told.moments[1]
print({place: image.shape for place, image in now.rgb.items()})
print(f"state: {now.state.shape[0]} numbers, such as the right elbow at {now.state[22]:.2f} rad")
print(f"sentence: {told.sentence!r}")

# %% [markdown]
# ## 2 Why one model?
#
# The way to build such a robot has long been a chain: a **detector** finds the thing, a **parser** reads the sentence, a
# **planner** moves the arm. Each can be written, tested and bought on its own. Here is one, made as well as it can be in a page
# ([three_modules.py](../vla_course/learning/model/three_modules.py)); let us break each link once. None of what follows is a trick:
# it is what happens to such robots in living rooms.
#
# ### The detector meets an evening
#
# It knows colours by their hue, and by day it finds what it is asked for. **Before you run the cell:** the lamp in the second
# picture is as warm as the one in your living room. What will an orange box, under an orange lamp, be taken for?

# %%
from vla_course.panels.model.lamp_pictures import lamp_picture, lamp_trial

lamp_picture("orange", lamp_trial("orange"))

# %% [markdown]
# The outline is round what it takes for the orange thing. By day it is right on every table; above the second picture stands on how
# many it is under the lamp, and you see the first that fooled it. There wood is orange, and the largest orange thing is the
# table. Nothing in the chain will ever notice: a place is a place, and the planner reaches for it.
#
# ### The parser meets a guest

# %%
from vla_course.learning.model.three_modules import parse

for sentence in ("pick up the red cup", "grab the crimson mug", "leave the red cup and take the blue one"):
    print(f"{sentence!r:45} {parse(sentence)}")

# %% [markdown]
# The first answer is right, the second is empty, and the third is the worst: *wrong, and sure of it*. More words in the list
# mend the second. For the third a list is the wrong kind of thing.
#
# ### The planner meets the present
#
# The detector looks, the planner plans, the arm moves. In between somebody pushes the cup 9 cm away from the edge, as people
# do who mean to be helpful.

# %%
stale = tell("pick up the red cup", seed=6, shoved=(0.09, 0.0))
print(f"The robot was told to {stale.sentence}: {stale}.")
told_film(stale, count=6, rows=("visitor", "head"))

# %% [markdown]
# The hand closes where the cup was. The picture from which the plan was made is more than five seconds old, and although three
# cameras run all the time, nobody asks them. (The expert of the first film has a rule for this: when a hand closes on nothing,
# look again. Somebody had to think of that, and of the next one.)
#
# ### What one model does about it
#
# The three breaks have something in common: what was needed was there, and was thrown away at the border between two modules.
# Whether *this* orange is paint or lamplight stands in the rest of the picture; what "one" means, in the sentence; where the cup is
# now, in the next picture. A **vision-language-action model** has no such borders. Pictures, words and joints go in as they
# are, ten times a second, actions come out, and *what* is passed on between is learned, from examples of the whole.
#
# What it does **not** give you, and nobody should sell you:
#
# - **It knows nothing that was not in its examples.** A chain grasps a teapot if somebody adds "teapot" to a list. A model needs
#   teapots, and Day 4 is about where they come from.
# - **It cannot say why.** When the detector is wrong you see the outline on the table. Section 5 shows what can be seen of a
#   model's reasons, and it is less.
# - **It promises nothing.** Limits, balance, a hand that must not hit a person: for that there stays a pipeline behind it that
#   verifies every wish (Day 3, section 14). One model instead of three modules, never instead of the brakes.
# - **It costs time**, on every tick, for every patch. Section 8 counts how much.

# %% [markdown]
# ## 3 Pictures and words
#
# Nobody starts from nothing. A model begins with **encoders** that somebody has trained before: one turns a picture into a row of
# vectors, one for each patch, the other a sentence into a row of vectors, one for each piece of a word. Such a vector is called
# a **token**. The two that come with
# the course were trained on this robot's own cameras, until a caption lay closer to the picture that it is true of than to any
# other ([model card](../data/models/MODEL_CARD.md)).
#
# What do they know? Here are six scenes that they have never seen, rendered just now, and what is in them. Each row asks one
# question: *which picture is this?* The number is how sure they are (log odds: 0 is even, 5 is 150 to 1 for it), the bold one the answer. Three of the six pairs of
# colour and shape were in no picture and no word of their training. **Which three?**

# %%
from vla_course.learning.encoders.dual_encoder import DualEncoder
from vla_course.panels.model.similarity import PhraseFinder, scenes_of, similarity_picture

encoders = DualEncoder.load()
names = ["red cup", "green cup", "green bottle", "blue bottle", "blue ball", "yellow ball"]
scenes = scenes_of(names, seed=3)
similarity_picture(encoders, scenes, [f"a {name}" for name in names])

# %%
from vla_course.simulation.scene.things import HELD_OUT

print("never seen, never named:", [name for name in names if name in HELD_OUT])

# %% [markdown]
# Nobody has ever shown it a green cup. Green alone would not do here, for there is a green bottle; cup alone would not, for there
# is a red one. It has learned colour and shape apart, and puts them together. It is not always right: asked which of thirty-two pictures a caption
# belongs to, it errs about once in fifty times with pairs that it knows and once in six or seven with those that it does not (the model card has both
# directions). What a model sees through these eyes it sees with their errors.

# %% [markdown]
# ### Where is it?
#
# A patch has a vector, a phrase has a vector, and the angle between the two says how well they fit. So the encoders point at
# things although nobody has ever drawn them a box round one. Type a phrase of your own: a colour alone, a shape alone, a place
# ("something red on the left"), or one that fits nothing here.

# %%
finder = PhraseFinder(encoders, scenes)
finder.find("something red")
finder

# %% [markdown]
# ### A sentence is not a bag
#
# The table above was filled in phrase by phrase. Why not hand over a whole caption at once, as one vector? Three scenes with three things
# each. The diamond is the true caption, the dots are seven others *of the same words*, colours and shapes swapped: "a **green** cup and a
# **blue** ball". Upper row: a whole caption is one vector. Lower row: every phrase is asked by itself, and the odds are averaged. **Guess
# first:** in which row does the diamond stand out?

# %%
from vla_course.panels.model.similarity import crowded_scenes, swapped_picture

swapped_picture(encoders, crowded_scenes(seed=3))

# %% [markdown]
# As one vector all eight are much the same to it: it knows *which* words were said, and not which of them go together. Over more than a
# hundred such scenes it is right once in eight, as often as somebody who guesses; phrase by phrase it is right in nineteen of twenty. Nothing
# is wrong with the encoder. One vector is one place to put everything, and "red" and "cup" have to meet somewhere. Keep this picture in mind
# until section 5, where words stay
# apart until each has found its patches.

# %% [markdown]
# ### Other encoders
#
# An encoder is a name in a configuration. A folder that comes with the course, any folder that `save_pretrained` wrote, or, where
# there is a network, any name on the hub:
#
# ```python
# from vla_course.learning.model.vla_config import VLAConfig
#
# VLAConfig(vision_model_name="openai/clip-vit-base-patch32", language_model_name="bert-base-uncased")
# VLAConfig(vision_model_name="google/siglip2-base-patch16-224")
# VLAConfig(vision_model_name="microsoft/resnet-50", language_model_name="openai/clip-vit-base-patch32")
# ```
#
# From outside all of them look alike: rows of patches, rows of pieces of words, and a width that they tell. A name that leads nowhere is
# refused:

# %%
from vla_course.learning.encoders.encoders import load_vision_encoder

try:
    load_vision_encoder("./eyes")
except ValueError as fault:
    print(fault)

# %% [markdown]
# ## 4 What goes in
#
# From here on you write. Here is what all exercises look at: the moment of section 1 and two sentences, once through both encoders, and
# fused as the course does it, so that a picture does not wait for every exercise before it: 1.6 needs 1.2, 1.7 and 1.8 need 1.4, and
# the whole model of section 7 needs all but 1.1, 1.3 and 1.6. `check` never waits.

# %%
import torch

from vla_course.learning.model.vla_config import VLAConfig
from vla_course.panels.model.inputs import pixels_of
from vla_course.reference.day1_fundamentals.fusion import ModalityFusion as CourseFusion
from vla_course.reference.day1_fundamentals.preprocessing import preprocess_image as course_preprocess

torch.set_num_threads(1)  # two wait for each other as soon as anything else runs beside this notebook
torch.manual_seed(0)
config = VLAConfig()
pixels = pixels_of(now.rgb, encoders.vision, course_preprocess)
words = encoders.language.tokenize(["pick up the red cup", "put the red cup to the left of the green box"])
felt = torch.from_numpy(now.state).unsqueeze(0)
course_fusion = CourseFusion(config, encoders.vision.width, encoders.language.width, encoders.vision.grid).eval()
with torch.no_grad():
    patches, read = encoders.vision(pixels[0]), encoders.language(*words)
    first = (patches, read[:1], felt, words.attention_mask[:1])
    fused, there = course_fusion.fuse_modalities(*first)
print(f"patches {tuple(patches.shape)}, words {tuple(read.shape)}, state {tuple(felt.shape)}, fused {tuple(fused.shape)}")

# %% [markdown]
# ### Exercise 1.1: a picture for an encoder · 15 minutes
#
# The camera gives 240 rows of 320 pixels, bytes. The encoder was trained on 96 by 96, on numbers around zero, colours first.
#
# $$(240, 320, 3)\ \text{bytes} \;\to\; (240, 240, 3) \;\to\; (3, 96, 96) \;\to\; \frac{\text{colour} - \text{mean}}{\text{std}}$$
#
# **Why:** this is the most common fault of robots with learned eyes, and the quietest. With red and blue swapped, or normalised
# twice, nothing crashes; the robot is just a little worse at everything, for weeks.
#
# **Write** `preprocess_image` in
# [preprocessing.py](../vla_course/exercises/day1_fundamentals/preprocessing.py).
#
# **You will see** three camera pictures, and what is left of them.

# %%
check("1.1")

# %%
from vla_course.exercises.day1_fundamentals.preprocessing import preprocess_image
from vla_course.panels.model.inputs import seen_picture

seen_picture(now.rgb, encoders.vision, preprocess_image)

# %% [markdown]
# Thirty-six patches a camera; two or three of them hold a cup. Look at the chest camera: the red cup stood near the border, and the
# square has cut it away. The head camera has it in the middle, because the expert turns the head to what it is about to take. More
# patches would show more, and cost more time, on every tick.
#
# ### Exercise 1.2: a mean without the padding · 10 minutes
#
# Sentences come in batches, and a batch is a rectangle: "stand still" is filled up with padding to the length of "put the red
# cup to the left of the green box". A mask tells which is which.
#
# $$\bar t = \frac{\sum_i m_i\, t_i}{\sum_i m_i}$$
#
# **Why:** if padding counts, what a sentence means depends on *who else is in the batch*. In training there is always somebody; on
# the robot there is nobody. So the robot that worked in the lab behaves differently at home, and nobody finds out why.
#
# **Write** `masked_mean` in [pooling.py](../vla_course/exercises/day1_fundamentals/pooling.py).
#
# **You will see** how far a plain mean drifts, and that yours does not.

# %%
check("1.2")

# %%
from vla_course.exercises.day1_fundamentals.pooling import masked_mean
from vla_course.panels.model.inputs import padding_picture

means = {"plain mean": lambda tokens, mask: tokens.mean(dim=1), "masked mean, yours": masked_mean}
padding_picture(encoders.language, "stand still", means)

# %% [markdown]
# One token of padding moves the plain mean by half of its length, ten by nearly all of it. Yours does not know that it is there.

# %% [markdown]
# ## 5 Where they meet
#
# ### Exercise 1.3: fusion · 30 minutes
#
# Lay everything in one row: 36 patches, some words, one token for the body. Bring all to one width, add to each a vector that
# says where it is from, and let each token look at every other one. That is **attention**: every token asks, every token
# answers, and what is read is a mixture, weighted by how well question and answer fit.
#
# $$\text{read}_i = \sum_j \operatorname{softmax}_j\!\left(\frac{q_i \cdot k_j}{\sqrt{d}}\right) v_j \qquad\text{over those } j
# \text{ that are there}$$
#
# where $q_i$ is what token $i$ asks, $k_j$ what token $j$ answers to, $v_j$ what it has to tell, each of $d$ numbers. Softmax
# turns scores into shares that add up to 1 (its formula comes in 1.6).
#
# **Why:** "the *red* cup" has to find *this* patch. It can only do so while there are patches to find: whoever pools pictures and
# words to one vector each has thrown the table away before anybody asked what stands on it.
#
# **Write** `ModalityFusion.fuse_modalities` in
# [fusion.py](../vla_course/exercises/day1_fundamentals/fusion.py).
#
# **You will see** who reads from whom, token by token.

# %%
check("1.3")

# %%
from vla_course.exercises.day1_fundamentals.fusion import ModalityFusion
from vla_course.panels.model.inputs import reading_picture


class Mixture(CourseFusion):  # the course's places, for 1.4 may not be written yet
    fuse_modalities = ModalityFusion.fuse_modalities  # yours


torch.manual_seed(0)
mixture = Mixture(config, encoders.vision.width, encoders.language.width, encoders.vision.grid).eval()
reading_picture(mixture, first, encoders.language.pieces(words.input_ids)[0])

# %% [markdown]
# A row asks, a column is asked. The black columns at the right are the padding of the shorter sentence: nobody reads from it. Nothing
# here is learned yet, so everybody reads a little from everywhere. Ask your fusion whether padding matters:

# %%
with torch.no_grad():
    together, kept = mixture.fuse_modalities(*first)
    alone_words = encoders.language.tokenize(["pick up the red cup"])
    alone, _ = mixture.fuse_modalities(patches, encoders.language(*alone_words), felt, alone_words.attention_mask)
print(f"alone and beside a longer sentence: {float((together[kept] - alone[0]).abs().max()):.1g} apart")

# %% [markdown]
# ### Exercise 1.4: where a patch is · 20 minutes
#
# Attention looks into a bag. Nothing in the formula above says which patch is beside which: shuffle them, and the answer is the same. To
# attention, every picture is as good as a jigsaw of it. So each patch is told where it is, in waves: fast ones for its
# neighbours, slow ones for the far side of the table.
#
# $$f_j = b^{-j/k}, \qquad \sin(x f_0) \dots \sin(x f_{k-1}),\ \cos(x f_0) \dots \cos(x f_{k-1})$$
#
# for camera, row and column each: $x$ is its number, $k$ how many waves it gets, and $b$ is 100 here.
#
# **Why:** left and right. A robot that sees a jigsaw knows *that* there is a cup and has no idea with which hand to take it.
#
# **Write** `sinusoidal_encoding` in
# [positions.py](../vla_course/exercises/day1_fundamentals/positions.py).
#
# **You will see** a jigsaw, and a place that knows its neighbours.

# %%
check("1.4")

# %%
from vla_course.exercises.day1_fundamentals.positions import sinusoidal_encoding
from vla_course.panels.model.inputs import places_picture

places_picture(now.rgb["chest"], encoders.vision.grid, lambda places, width: sinusoidal_encoding(places, width, 100.0))

# %%
torch.manual_seed(0)
fusion = ModalityFusion(config, encoders.vision.width, encoders.language.width, encoders.vision.grid).eval()  # all yours
shuffled = torch.randperm(patches.shape[1])


def jigsaw_apart():
    """How far the mean of what is fused moves when the patches change places."""
    with torch.no_grad():
        (whole, mask), (torn, _) = (fusion.fuse_modalities(seen, *first[1:]) for seen in (patches, patches[:, shuffled]))
    return float((whole[mask].mean(dim=0) - torn[mask].mean(dim=0)).norm())


print(f"picture and jigsaw are {jigsaw_apart():.2g} apart when patches know where they are,", end=" ")
fusion.project_vision.positional_encoder.weight.data.zero_()
print(f"{jigsaw_apart():.1g} when they do not")

# %% [markdown]
# ## 6 What comes out
#
# ### Exercise 1.5: actions that stay in range · 15 minutes
#
# A network may say any number. A joint has two ends, and behind them there is metal. The **hyperbolic tangent** takes all numbers to
# -1 .. 1, and a straight line takes those to the joint's limits:
#
# $$a = \tanh(\text{logit}), \qquad q = \frac{u + l}{2} + a\, \frac{u - l}{2}$$
#
# **Why:** not "the model has learned to stay in range", but "it cannot leave it", trained or not, whatever it sees.
#
# **Write** `ActionHead.forward` in
# [action_head.py](../vla_course/exercises/day1_fundamentals/action_head.py).
#
# **You will see** what random features ask of fourteen arm joints, and what they ask when they are a hundred times as large.

# %%
check("1.5")

# %%
from vla_course.exercises.day1_fundamentals.action_head import ActionHead
from vla_course.learning.model.joint_range import joint_range
from vla_course.panels.model.outputs import range_picture
from vla_course.simulation.robot.layout import ARMS, JOINT_NAMES

torch.manual_seed(0)
head, chance = ActionHead(128, joint_range(14)), torch.randn(30, 128)
with torch.no_grad():
    answers = {"features as they are": head(chance).targets, "features a hundred times as large": head(100.0 * chance).targets}
range_picture(joint_range(14), JOINT_NAMES[ARMS], answers)

# %% [markdown]
# Nearly all vermilion dots stand at an end, and none beyond it. Being in range is not being safe, though: an arm within all its
# limits can hit a table. For that there is the pipeline of Day 3.
#
# ### Exercise 1.6: what am I asked for? · 15 minutes
#
# Beside the actions the model says which task it believes it was given, and the steps that it means to take. Scores become
# probabilities by **softmax**:
#
# $$p_i = \frac{e^{z_i}}{\sum_j e^{z_j}}$$
#
# **Why:** a robot that is 40 % sure that it was told to *hand over* the knife and 38 % that it was told to *put it away* should ask. It
# can only do so if its numbers are probabilities, and not merely called so.
#
# **Write** `TaskPlanningHead.forward` in
# [planning.py](../vla_course/exercises/day1_fundamentals/planning.py).
#
# **You will see** a model that has no idea, and says so.

# %%
check("1.6")

# %%
from vla_course.exercises.day1_fundamentals.planning import TaskPlanningHead
from vla_course.panels.model.outputs import plan_picture

torch.manual_seed(0)
planner, plans = TaskPlanningHead(config), {}
with torch.no_grad():
    for sentence in ("pick up the red cup", "walk two steps forward"):
        said = encoders.language.tokenize([sentence])
        plans[sentence] = planner(
            *course_fusion.fuse_modalities(patches, encoders.language(*said), felt, said.attention_mask)
        )
for sentence, plan in plans.items():
    print(f"{sentence!r}: adds up to {float(plan.task_probabilities.sum()):.6f}; its plan: {planner.decode(plan)[0]}")
plan_picture(config.tasks, plans)

# %% [markdown]
# One task leads a little, and it is the same whatever was said: that is no belief but the accident of its first weights, and so is the
# plan. Whoever asks for 90 % before the robot moves is safe from both.
#
# ### Exercise 1.7: steps in time · 25 minutes
#
# A tenth of a second is too short to think every motion over, so the model plans a **chunk**: eight actions at once. Each step asks the fused
# tokens its own question, and must know what the steps before it are about to do. There are two kinds of memory for that: an **LSTM**
# carries a state along, a **transformer** looks back at all earlier steps.
#
# **Why:** eight actions that do not know of each other are eight jerks. On two small soles, jerks arrive at the feet.
#
# **Write** `TemporalDecoder.forward` in
# [temporal.py](../vla_course/exercises/day1_fundamentals/temporal.py).
#
# **You will see** how much each step differs from the one before; beside it what becomes of an LSTM that gets the same vector
# again and again.

# %%
check("1.7")

# %%
from dataclasses import replace

from vla_course.exercises.day1_fundamentals.temporal import TemporalDecoder
from vla_course.panels.model.outputs import steps_picture

torch.manual_seed(0)
features = {}
with torch.no_grad():
    for kind in ("lstm", "transformer"):
        decoder = TemporalDecoder(replace(config, decoder=kind)).eval()
        features[f"your {kind}"] = decoder(fused, there, 24)[0]
        short = decoder(fused, there, 8)[0]
        print(f"{kind}: a chunk of 24 begins like one of 8, {float((features[f'your {kind}'][:8] - short).abs().max()):.1g} apart")
    repeated = fused[there].mean(dim=0).expand(1, 24, -1)
    features["LSTM, one vector repeated"] = torch.nn.LSTM(128, 128, 2, batch_first=True)(repeated)[0][0]
steps_picture(features)

# %% [markdown]
# Where all that comes in is the same, an LSTM settles: after ten steps it says the same thing for ever, whatever the motion needs. Where
# each step has its own question, it goes on moving.
#
# ### The model of one camera
#
# Now all your parts are in one model: `VLAModel` of [vla_model.py](../vla_course/exercises/day1_fundamentals/vla_model.py), and
# `TemporalVLAModel`, the same called with sentences. Two pictures (noise, for now) and two commands, five steps, fourteen joints:

# %%
from vla_course.exercises.day1_fundamentals.vla_model import TemporalVLAModel

torch.manual_seed(0)
model = TemporalVLAModel(config, encoders.vision, encoders.language).eval()
images = torch.randn(2, 3, 224, 224)
with torch.no_grad():
    actions = model(images, ["Pick up the red cup", "Move the green box to the left"], sequence_length=5)
print(tuple(actions.shape), f"from {float(actions.min()):.2f} to {float(actions.max()):.2f}")

# %% [markdown]
# ## 7 A whole humanoid
#
# ### Exercise 1.8: three cameras, a body, and two hands · 30 minutes
#
# A humanoid has more to line up: three cameras, whose patches must know *which* camera they are from, words, one token for the body, and,
# where somebody gives them, targets for its hands: six numbers each, through a small network that learns to turn them into what joints
# understand.
#
# **Why:** zero is a place. A target that is not there, filled in as zeros, tells the hand to go to the robot's own hips. What is not there
# has to be *masked*, not zero.
#
# **Write** `HumanoidTokens.assemble` in
# [assembly.py](../vla_course/exercises/day1_fundamentals/assembly.py).
#
# **You will see** the whole row of two samples: the first has a short command and one target, the second a long one and no target.

# %%
check("1.8")

# %%
from vla_course.exercises.day1_fundamentals.assembly import HumanoidTokens
from vla_course.panels.model.inputs import token_row_picture

torch.manual_seed(0)
lined_up = HumanoidTokens(config, encoders.vision.width, encoders.language.width, encoders.vision.grid)
targets = torch.full((2, 1, 6), torch.nan)
targets[0, 0] = torch.tensor([0.35, -0.20, 0.80, 0.0, 0.0, 0.0])
with torch.no_grad():
    views = [encoders.vision(view).expand(2, -1, -1) for view in pixels]
    row, mask = lined_up.assemble(views, read, words.attention_mask, felt.expand(2, -1), targets)
token_row_picture(mask, 3, patches.shape[1], words.input_ids.shape[1], targets.shape[1])

# %% [markdown]
# Three times 36 patches, the pieces of words, a body, a target. Pale is masked: the rest of the short command in the first sample, the
# target in the second.
#
# And the model round it, `HumanoidVLA`: three cameras in, twenty-eight joints out, and how sure it is.

# %%
from vla_course.exercises.day1_fundamentals.humanoid_vla import HumanoidVLA

torch.manual_seed(0)
humanoid = HumanoidVLA(encoders.vision, encoders.language, num_joints=28, num_cameras=3).eval()
with torch.no_grad():
    answer = humanoid.predict(pixels, [told.sentence], felt, sequence_length=8)
print(tuple(answer.actions.shape), f"confidence {100 * float(answer.confidence[0]):.0f} %")

# %% [markdown]
# ### Watch it look
#
# Type a command. Above: from which patches your model's actions, or any one of the words, have read. Below: where the encoders alone find
# the same sentence. **Guess first:** which of the two rows will change more? Then write "yellow" for "red".

# %%
from vla_course.panels.model.attention_panel import AttentionPanel

looking = AttentionPanel(humanoid, now.rgb, now.state, encoders=encoders)
looking.ask("point at the red cup", asker="red")
looking

# %% [markdown]
# The lower row follows the words: the encoders have learned. The upper one hardly cares. What you have built can look anywhere, and
# nobody has told it yet what is worth looking at.

# %% [markdown]
# ## 8 Fast enough?
#
# A humanoid's policy speaks ten to thirty times a second. A model that needs longer makes plans for a world that has moved on: section 2,
# third break, once more.
#
# ### Exercise 1.9: a stopwatch · 15 minutes
#
# Four things go wrong when models are timed: the first runs count, which allocate and fill caches; the clock is one that can be set back; only
# the mean is reported; and on a GPU the clock is stopped before the work is done.
#
# $$\text{control rate} = \frac{1}{p_{99}}, \qquad p_{99}\text{: the time within which 99 of 100 answers are there}$$
#
# **Why:** falling has no mean. A robot that answers in 20 ms on average, and in 300 ms once in fifty times, is late every five
# seconds at 10 Hz. The mean does not show it; $p_{99}$ does.
#
# **Write** `measure_latency` in
# [latency.py](../vla_course/exercises/day1_fundamentals/latency.py).
#
# **You will see** your model against the clock, and other models beside it.

# %%
check("1.9")

# %%
from vla_course.exercises.day1_fundamentals.latency import measure_latency
from vla_course.panels.model.latency_panel import LatencyPanel, runs_within, step_of

step = step_of(humanoid)
cold, warm = measure_latency(step, 0, 1), measure_latency(step, 5, runs_within(step, 10.0))  # 200 runs at most, or 10 s
print(f"without warm-up: {cold.p50:.0f} ms; later: {warm.p50:.0f} ms, and one in a hundred takes {warm.p99:.0f} ms or more")
print(f"so it may speak {warm.control_rate:.0f} times a second")

# %% [markdown]
# The first run is mostly the slow one: memory is fetched, caches are empty, and the best way to calculate is looked for. That is why a
# stopwatch warms up first. (Hardly any difference? Then all that was done already, when the model ran in section 7.)
#
# Try sizes, decoders and eyes; each stays in the picture, from its median (dot) to its $p_{99}$. Of a few dozen runs that is hardly
# more than the slowest: press Measure again, and see how far it moves. Right of the dashed line it
# is too late. The eyes are four kinds of networks of about the same size, untrained, beside those of the course: a vision transformer (ViT), and
# three that look through small windows first (ConvNeXt V2, MobileNet V2, ResNet).

# %%
from IPython.display import display

watch = LatencyPanel(HumanoidVLA, measure_latency, encoders.vision, encoders.language)
display(watch)  # seven models, some 2 s each
for eyes in ("shipped", "vit", "convnextv2", "mobilenetv2", "resnet"):
    watch.measure(eyes)
watch.measure(hidden_size=512)
watch.measure(decoder="lstm");

# %% [markdown]
# Time is one price, learning another. Here all four have learnt for a minute from the same pictures, and are asked which of thirty-two
# shows what a caption says (guessing: 3 %):
#
# | eyes | weights | Mflop a picture | time a picture | right after a minute |
# |---|---|---|---|---|
# | ViT | 1.9 M | 148 | 5 ms | 11 % |
# | ConvNeXt V2 | 1.8 M | 218 | 11 ms | 1 % |
# | MobileNet V2 | 1.4 M | 141 | 10 ms | 8 % |
# | ResNet | 1.6 M | 300 | 7 ms | 59 % |
#
# ResNet does the most arithmetic of the four, is the second quickest and by far the best: what counts is how well the machine does the kind of
# work, and how much of the world's order is built in. A ViT has to learn from examples that neighbours belong together; with hundreds of
# millions of pictures it does, and overtakes (Dosovitskiy et al. 2021). The shipped eyes are a small ResNet. (One training each,
# `benchmarks/backbones.py`.)
#
# ### Exercise 1.10: the roof · 15 minutes
#
# Is that slow because there is much to calculate, or because there is much to fetch? A machine can do so many operations a second, and bring so
# many bytes from memory. With $I$ operations for each byte,
#
# $$\text{attainable} = \min(\text{peak},\ I \cdot \text{bandwidth})$$
#
# **Why:** whoever does not know which of the two binds buys the wrong machine, or makes the wrong part smaller.
#
# **Write** `roofline` in
# [latency.py](../vla_course/exercises/day1_fundamentals/latency.py).
#
# **You will see** this machine's roof, and how far below it each of your models is.

# %%
check("1.10")

# %%
from vla_course.exercises.day1_fundamentals.latency import roofline
from vla_course.learning.model.machine import measure_ceiling
from vla_course.panels.model.latency_panel import roofline_picture

machine = measure_ceiling(seconds=0.5)
print(f"this machine: {machine.flops / 1e9:.0f} Gflop/s, {machine.bandwidth / 1e9:.0f} GB/s")
roofline_picture(machine, roofline, watch.candidates)

# %% [markdown]
# On most machines all dots are to the right of the kink: each byte of weights is good for forty to eighty operations, for it is used
# anew for every patch. So it is not the fetching of weights that holds these models back. (What layers hand to each other is not
# counted; it would move the dots to the left.) Nor is it arithmetic alone: the percentages in the legend say how much of the roof is
# reached. The rest goes into what lies between, hundreds of little operations, each of which has to be started. That is what
# compilers for models are for (Day 5).

# %% [markdown]
# ## 9 What the listings got wrong
#
# This course grew from two chapters of a book, and each has a listing of such a model. Both read well. Both are wrong, in ways that every one of
# us has been wrong. Six of these faults, each boiled down to a few lines that you can run. **Look at each for a minute before you run it**, and say
# what will happen. Three of them do not even crash.

# %% [markdown]
# **Fault 1: side by side, and twice as wide.** Picture and words are put side by side and handed to a transformer that was built for one of them.

# %%
def shows(what):
    """Run it and show how it fails."""
    try:
        what()
    except (RuntimeError, AssertionError, AttributeError) as fault:
        print(f"{type(fault).__name__}: {str(fault).splitlines()[0]}")
    else:
        raise AssertionError("this was meant to fail")


seen_once, read_once = torch.randn(2, 128), torch.randn(2, 128)
transformer = torch.nn.TransformerEncoder(torch.nn.TransformerEncoderLayer(128, 4, batch_first=True), 1)
shows(lambda: transformer(torch.cat([seen_once, read_once], dim=-1).unsqueeze(1)))

# %% [markdown]
# 256 numbers for a transformer of width 128. **Mended:** tokens stand one *after* the other, never side by side; the width stays (1.3).

# %%
print(tuple(transformer(torch.stack([seen_once, read_once], dim=1)).shape))

# %% [markdown]
# **Fault 2: one token.** Say we make that transformer wider, as the listing must have been meant. Picture and words were pooled before, so what
# it gets is a row of *one* token. Attention distributes 100 % of its weight over one token. Here is what it does with two quite different
# questions:

# %%
attention = torch.nn.MultiheadAttention(256, 4, batch_first=True)
one_token = torch.cat([seen_once, read_once], dim=-1).unsqueeze(1)
_, weights = attention(one_token, one_token, one_token)
_, others = attention(10.0 * torch.randn_like(one_token), one_token, one_token)
print("weights:", weights.flatten().tolist(), "whatever is asked:", others.flatten().tolist())

# %% [markdown]
# It runs, it trains, and nobody attends to anything: whatever is asked, the answer is the same. No patch can be found, for there is none.
# **Mended:** nothing is pooled before it is fused. That is the picture of 1.3, row by row.

# %% [markdown]
# **Fault 3: squeezed through the needle's eye.** The decoder of actions takes all that is known of picture and words, brings it to the number of
# joints, applies ReLU, and only then calculates. With fourteen joints, all that the robot knows of its kitchen passes through fourteen numbers, of
# which ReLU sets about half to zero.

# %%
torch.manual_seed(0)
kitchens, rank = torch.randn(500, 256), torch.linalg.matrix_rank
squeezing = torch.nn.Sequential(torch.nn.Linear(256, 14), torch.nn.ReLU())
mended = torch.nn.Sequential(torch.nn.Linear(256, 256), torch.nn.GELU())
with torch.no_grad():
    narrow, wide = squeezing(kitchens), mended(kitchens)
print(f"500 kitchens differ in {rank(kitchens)} directions, squeezed in {rank(narrow)}", end=" ")
print(f"({(narrow > 0).sum(dim=1).float().mean():.0f} alive at a time), mended in {rank(wide)}")

# %% [markdown]
# **Fault 4: probabilities that do not add up.** The planner's scores leave the model under the name of probabilities.

# %%
torch.manual_seed(0)
scores = torch.nn.Linear(128, 12)(torch.randn(1, 128))[0].detach()
for name, row in {"'probabilities'": scores, "mended": scores.softmax(0)}.items():
    print(f"{name} from {row.min():.2f} to {row.max():.2f}, their sum {row.sum():.2f}")

# %% [markdown]
# A robot that acts above 0.5 would act here, on a number that means nothing (1.6).

# %% [markdown]
# **Fault 5: sizes by heart.** Two cases of one kind. A language model of width 768 is fused as if it gave 512. And a layer that is made for three
# cameras and a sentence gets three cameras, a sentence, *the body and a target*: somebody thought of them later.

# %%
sentence_of_bert, picture_512 = torch.randn(1, 768), torch.randn(1, 512)
shows(lambda: torch.nn.Linear(512 + 512, 512)(torch.cat([picture_512, sentence_of_bert], dim=-1)))
three_views, said, body, goal = [torch.randn(1, 128)] * 3, torch.randn(1, 128), torch.randn(1, 128), torch.zeros(1, 128)
shows(lambda: torch.nn.Linear(128 * (3 + 1), 128)(torch.cat([*three_views, said, body, goal], dim=-1)))

# %% [markdown]
# **Mended:** nobody writes 768. An encoder says how wide it is (`encoders.language.width`), a projection brings it to the model's width, and a row of
# tokens does not care how many there are. Two cameras, three cameras, one model:

# %%
for cameras in (1, 2, 3):
    some = HumanoidVLA(encoders.vision, encoders.language, num_cameras=cameras).eval()
    with torch.no_grad():
        print(cameras, "cameras:", tuple(some(pixels[:cameras], [told.sentence], felt, sequence_length=5).shape))

# %% [markdown]
# **Fault 6: the same vector again, and words that stay behind.** Picture and words become one vector, which is repeated as often as there are steps: the
# LSTM of exercise 1.7, which falls asleep. And the tokenizer's numbers are never moved to the device on which the model is. On a laptop nobody
# notices. There need not be a GPU here to see it: torch has a device of shapes without numbers, "meta". It lets the look-up pass, where a
# GPU would not, and refuses the product with the mask.

# %%
import copy

far_away = copy.deepcopy(encoders.language).to("meta")
left_behind = far_away.tokenizer([told.sentence], return_tensors="pt")  # as in the listing
embedding = far_away.model.get_input_embeddings()
shows(lambda: embedding(left_behind["input_ids"]) * left_behind["attention_mask"].unsqueeze(-1))

# %% [markdown]
# **Mended:** the encoder's own `tokenize` asks where its weights are, and puts the words there.

# %%
taken_along = far_away.tokenize([told.sentence])
print(tuple((embedding(taken_along.input_ids) * taken_along.attention_mask.unsqueeze(-1)).shape), "on", taken_along.input_ids.device)

# %% [markdown]
# Did you notice what the listings have in common? Each line is plausible. What finds such faults is not reading but *laws*: padding changes nothing, a
# jigsaw is no picture, probabilities add up, every step has its own question. They are what the checks of today have tested.

# %% [markdown]
# ## 10 What can it do?
#
# Your model is complete. Nothing in it has been trained, but the encoders. So let it act.

# %%
from vla_course.panels.model.first_try import first_try, tries_picture

tries = [first_try(humanoid, told_so) for told_so in ("pick up the red cup", "point at the green box", "reach for the blue ball")]
for one in tries:
    print(f"{one.sentence}: {one}; an arm joint went {one.swing:.1f} rad")
tries_picture(tries)

# %% [markdown]
# It throws its arms up, to the middle of what its joints can do, and stays like that, like somebody who was asked something in a language that
# he does not speak. Nothing on the table moves, nothing that it was told gets done, and whatever it is told looks the same. How much does a word change?

# %%
with torch.no_grad():
    both = humanoid.predict(
        [view.expand(2, -1, -1, -1) for view in pixels], ["pick up the red cup", "do not move"], felt.expand(2, -1)
    )
apart = (both.targets[0] - both.targets[1]).abs().rad2deg()
print(f"another command moves the joints' targets by {float(apart.mean()):.1f}°, at most {float(apart.max()):.1f}°")
print(f"it gives itself a chance of {100 * float(both.confidence[0]):.0f} %")

# %% [markdown]
# Two things deserve a second look.
#
# - **It stands.** Not thanks to the model: what it says about its legs is thrown away. The walker of Day 3 owns them, and keeps the
#   robot up under whatever the arms do. So a model may begin with nothing, learn from its mistakes, and not break the robot.
# - **It says 2 %.** It is the only thing that this model gets right. The layer that says so begins there on purpose, whatever it sees: a model
#   that has never been trained should know that. What is behind it, a stack that asks "how sure?" before it moves, can act on this number from
#   the first day on.
#
# All of its parts are right: the laws hold, shapes fit, limits are kept. What is missing is not code. It is *experience*: thousands
# of times "in this picture, told this, the expert did that". This is why there is a Day 4.

# %% [markdown]
# ## 11 What you have
#
# A model that takes three pictures, a sentence and its own body, and answers with eight steps of twenty-eight joints, a confidence, and if asked a
# plan; that never leaves the limits of its joints, does not care who else is in the batch, and knows left from right. You know
# how long it thinks, and why. Ten short functions of it are yours.
#
# **Five questions.** Answer aloud, then unfold.
#
# <details><summary>1. Your model answers a command differently when it is alone than in a batch. Where do you look first?</summary>
#
# At the masks. Somewhere padding counts: in a mean (1.2), in attention (1.3), or because a mask was cut off on its way. (The last thing to look at is
# dropout that was never switched off: then it answers differently each time.)
# </details>
#
# <details><summary>2. A colleague pools the picture to one vector "to save time" and finds that the robot takes the wrong cup as often as the right
# one. Why?</summary>
#
# The words have nothing left to find. What is where is gone before the sentence is read; what is left is "two cups, one red, one yellow".
# </details>
#
# <details><summary>3. Every action of a network ends in tanh. Is the robot safe now?</summary>
#
# Its joints are within their limits, always. Its hand may still be in the table and its weight beside its feet. Bounds are the first of many questions;
# the others are asked on Day 3.
# </details>
#
# <details><summary>4. Mean latency 40 ms, p99 130 ms, the robot needs 10 Hz. Ship it?</summary>
#
# No: once in a hundred ticks, every ten seconds, the answer comes too late. Find out what happens in the slow ones, or act on chunks so that one late
# answer does not matter (Day 2).
# </details>
#
# <details><summary>5. Your model has 80 flop for every byte of weights, and the machine's kink is at 10. Would weights of half the size make it faster?
# </summary>
#
# Not by themselves: memory does not bind it. Half the bytes help where arithmetic in half precision is faster, too (bfloat16 on processors that have it),
# or where many other programs want the memory.
# </details>

# %%
progress()

# %% [markdown]
# **What comes next.** Day 2 keeps such a model answering in time while camera frames pour in. On Day 3 the robot learns to stand, walk and take things by
# formulas, and to refuse what would make it fall. On Day 4 the model of today watches the expert, and learns. Days lean on each other in thought, not in
# code: [Day 3](day3_humanoid_balance.ipynb) is there, begin where you like.
