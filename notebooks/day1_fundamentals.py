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
# "Pick up the red cup." Five words and a cup: a child can do it; for a humanoid it took sixty years of robotics. Today
# you build the model that ties pictures, words and joints together: ten short functions, a little over three hours of
# writing (reading and trying things out come on top). Then you take it apart to see which part reads from which, put a
# stopwatch to it, and find seven faults and one weakness in printed code that looks perfectly fine.
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
from vla_course.panels.model.episode import film, run_expert

# %% [markdown]
# `autoreload` means: save a file, run the cell again, and the new code runs. Stuck at 1.3? `hint("1.3")` nudges, and nudges
# harder when asked again; `solution("1.3")` shows how the course does it.
#
# ## 1 What it is all for
#
# A robot stands at a table, and somebody gives it a command. From top to bottom: the view of a bystander, then those of the
# robot's own three cameras, in its head, chest and pelvis.

# %%
episode = run_expert("pick up the red cup", seed=6)
print(f"The robot was asked to {episode.sentence}: {episode}.")
film(episode)

# %% [markdown]
# Look at the bottom row: feet. The head camera sees them only when it looks down, but a walking robot must watch them all the
# time. And look at the head camera when the hand closes: the robot's own arm comes between it and the cup. No camera sees
# everything all the time; that is why there are three.
#
# **Who acted here?** To be honest: not a model. It was the *expert*, a program that knows where everything is to the
# millimetre, plans and moves with the planners and controllers of Day 3, and never looked at one of these pictures. On Day 4
# it becomes a teacher. Its pupil is a learned **policy**, a function from what the robot observes to what it does next, which has
# nothing but these pictures, the command and what the body feels. What such a policy looks like inside is what today is about.
#
# Ten times a second the policy receives this:

# %%
now = episode.moments[1]
print({place: image.shape for place, image in now.rgb.items()})
print(f"state: {now.state.shape[0]} numbers, such as the right elbow at {now.state[22]:.2f} rad")
print(f"sentence: {episode.sentence!r}")

# %% [markdown]
# Pictures, what the body feels of itself, and a sentence. Nothing tells it where the cup is.
#
# What the body feels of itself is its **proprioception**: joints and grippers, and from an inertial sensor the direction of gravity
# and how fast the pelvis turns. To these come its **odometry** (how far it has come, as counted by legs and gyroscope), how it
# stands, bowed or upright, and on which foot it is about to step.
#
# ## 2 Why one model?
#
# Such robots have long been built as a chain: a **detector** finds the object, a **parser** reads the sentence, a **planner**
# moves the arm. Each can be written, tested and bought on its own. Here is one, as good as a page of code can make it
# ([three_modules.py](../vla_course/learning/model/three_modules.py)); let us break each link once. None of what follows is a
# trick: it is what happens to such robots in living rooms.
#
# ### The detector meets an evening
#
# It knows colours by their hue, and by day it finds what it is asked for. **Before you run the cell:** the lamp in the second
# picture is as warm as the one in your living room. What will an orange box, under an orange lamp, be taken for?

# %%
from vla_course.panels.model.lamp_pictures import lamp_picture, lamp_trial

lamp_picture("orange", lamp_trial("orange"))

# %% [markdown]
# The outline marks what the detector takes for the orange box. In daylight it is right on every one of six tables; the caption
# of the second picture says on how many it is right under the lamp, and you see the first one that fooled it. By lamplight
# wood is orange, and the largest orange object is the table. Nothing further down the chain will ever notice: a position is a
# position, and the planner reaches for it.
#
# ### The parser meets a guest

# %%
from vla_course.learning.model.three_modules import parse

for sentence in ("pick up the red cup", "grab the crimson mug", "leave the red cup and take the blue one"):
    print(f"{sentence!r:45} {parse(sentence)}")

# %% [markdown]
# The first answer is right, the second is empty, and the third is the worst: *wrong, and sure of it*. More words in the list
# mend the second. For the third, a list is the wrong tool.
#
# ### The planner meets the present
#
# The detector looks, the planner plans, the arm moves. In between, somebody who means to be helpful pushes the cup 9 cm away
# from the edge.

# %%
stale = run_expert("pick up the red cup", seed=6, shoved=(0.09, 0.0))
print(f"The robot was asked to {stale.sentence}: {stale}.")
film(stale, count=6, rows=("visitor", "head"))

# %% [markdown]
# The hand closes where the cup was. The picture from which the plan was made is seconds old by then, and although three cameras
# run all the time, nobody asks them. (The expert of the first film has a rule for this: when a hand closes on nothing, look
# again. Somebody had to think of that, and of the next one.)
#
# ### What one model does about it
#
# The three failures have something in common: the information was there, and was thrown away at the border between two
# modules. Whether *this* orange is paint or lamplight can be read from the rest of the picture; what "one" means, from the
# sentence; where the cup is now, from the next picture. One model from pictures, words and joints to actions has no such
# borders: what is passed on inside it is *learned*, from a **dataset** of examples of the whole. To learn from somebody who
# can already do it is **imitation learning**; its plainest form, to predict from each observation the action that the expert
# took, is **behaviour cloning**.
#
# ### What the field calls a VLA
#
# The name **vision-language-action model** (VLA) was coined for RT-2, and there it says one thing more: the model *begins* as
# a vision-language model that has been trained on pictures and text of the web, and then learns to act. So it can act on
# objects that no robot demonstration contained: it has met teapots before, though never in a robot's hand.
#
# | model | pre-trained on | parameters | how actions come out | chunk | rate, as published |
# |---|---|---|---|---|---|
# | [RT-2](https://arxiv.org/abs/2307.15818) (Brohan et al. 2023) | web pictures and text (PaLI-X, PaLM-E); robot data and web data together after that | 5 to 55 billion | text tokens, 256 bins for each number | 1 | 1 to 3 Hz (55 billion), 5 Hz (5 billion) |
# | [ACT](https://arxiv.org/abs/2304.13705) (Zhao et al. 2023) | each task from scratch, on about 50 demonstrations (in the authors' code, its ResNet begins with ImageNet's weights); no language | 80 million | regression (L1), in a variational autoencoder | 100 | 50 Hz |
# | [Octo](https://arxiv.org/abs/2405.12213) (Octo Model Team 2024) | 800,000 robot episodes, no web pictures; words by T5 | 93 million (Base, without T5) | diffusion | 4 | 13 answers a second on an RTX 4090 |
# | [OpenVLA](https://arxiv.org/abs/2406.09246) (Kim et al. 2024) | web (Llama 2, DINOv2, SigLIP), then 970,000 robot episodes | 7 billion | text tokens, 256 bins | 1 | 6 Hz on an RTX 4090 |
# | [OpenVLA-OFT](https://arxiv.org/abs/2502.19645) (Kim et al. 2025) | OpenVLA | 7 billion | regression (L1), all actions at once | 8 | 110 actions a second, 73 ms a chunk, on an A100 |
# | [π0](https://arxiv.org/abs/2410.24164) (Black et al. 2024) | web (PaliGemma), then over 10,000 hours of robot data | 3.3 billion | flow matching | 50 | up to 50 Hz; 73 ms a chunk on an RTX 4090 |
# | [SmolVLA](https://arxiv.org/abs/2506.01844) (Shukor et al. 2025) | web (SmolVLM-2), then 22,900 robot episodes | 0.45 billion | flow matching | 50 | none found |
# | [GR00T N1](https://arxiv.org/abs/2503.14734) (NVIDIA 2025) | web (Eagle-2), then human videos, synthetic and robot data | 2.2 billion | flow matching | 16 | 64 ms a chunk on an L40; its two halves at 10 and 120 Hz |
# | [Helix](https://www.figure.ai/news/helix) (Figure 2025, a company's report) | web, then about 500 hours of robot data | 7 billion and 80 million | regression | none found | its two halves at 7 to 9 and 200 Hz |
# | **yours, today** | 10,000 pictures of this simulator with captions, no web; actions: nothing yet | 2.3 million | regression between the joints' limits | 8 | asked for 10 Hz; 27 ms (99 of 100) on one processor core |
#
# (A **chunk** is how many actions one answer holds. Each group measured on its own robot and its own machine: the last column
# says what is usual, not who wins. "None found": by us, in what its authors published.)
#
# In the strict sense, then, what you build is no VLA but its anatomy: a small **language-conditioned visuomotor policy** that
# answers with chunks of actions. Its nearest relatives are ACT and Octo. Patches, words, attention, chunks, an action head: most of
# what you are about to write is in each of the large models, and you will know your way around them. What yours lacks is the web,
# and no amount of code replaces that.
#
# What such a model does **not** give you, and nobody should sell you:
#
# - **It knows nothing that was in none of its data.** A chain grasps a teapot if somebody adds "teapot" to a list. A model
#   needs teapots: RT-2 found them on the web, yours would have to see them here. Day 4 is about where examples come from.
# - **It cannot say why.** When the detector is wrong you see the outline on the table. Section 7 shows what can be seen of a
#   model's reasons, and it is less.
# - **It promises nothing.** Limits, balance, a hand that must not hit a person: for those, a pipeline stays behind it and
#   verifies every action (Day 3, section 14). One model instead of three modules, never instead of the brakes.
# - **It costs time**, on every tick, for every patch. Section 8 counts how much.

# %% [markdown]
# ## 3 Pictures and words
#
# Nobody starts from nothing. A model begins with **encoders** that somebody has trained before. One turns a picture into a row
# of vectors, one for each patch; the other turns a sentence into a row of vectors, one for each piece of a word. Such a vector is
# an **embedding**, and as a member of its row a **token**. The two that come with the course were trained on this robot's own
# cameras, to bring each caption closer to the picture it describes than to any other: **contrastive** training, as in CLIP
# (Radford et al. 2021), with the loss of SigLIP (Zhai et al. 2023; [model card](../data/models/MODEL_CARD.md)).
#
# What do they know? Here are six scenes that they have never seen, rendered just now, and what is in them. Each row asks one
# question: *which picture is this?* The number is how sure they are (log odds: 0 is even, 5 is 150 to 1 for it), the bold one
# the answer. Three of the six pairs of colour and shape were in no picture and no caption of their training. **Which three?**

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
# Nobody has ever shown it a green cup. Green alone would not do here, for there is a green bottle; cup alone would not, for
# there is a red one. It has learned colour and shape separately and combines them: **compositional generalisation**. It is not
# always right. Asked which of 32 pictures a caption belongs to, it finds 99 % of the pairs that it knows and 81 % of
# those that it has never seen.
#
# Nor is it right everywhere. Put one object alone on a table, and let the encoders name it among all 48 pairs of colour and
# shape. Then the colour is right in 98 % of pictures like those of training, in 47 % in dim light, in 30 % under the evening lamp
# of section 2, and in 13 % on a red, green or blue table. So learning as such is no cure for the lamp of section 2. It can help with lamps *that were
# in the data*, and here none was. Nothing in its answer warns you, and whatever model sees through these eyes inherits their
# errors. (`benchmarks/encoders.py`; the model card has distances, viewpoints and intervals.)

# %% [markdown]
# ### Where is it?
#
# A patch has a vector, a phrase has a vector, and the cosine of the angle between the two says how well they fit. So the
# encoders point at objects, although they were never shown a bounding box. Type a phrase of your own: a colour alone, a shape
# alone, a position ("something red on the left"), or one that fits nothing here.

# %%
finder = PhraseFinder(encoders, scenes)
finder.find("something red")
finder

# %% [markdown]
# ### A sentence is not a bag of words
#
# The table above was filled in phrase by phrase. Why not hand over a whole caption at once, as one vector? Three scenes with
# three things each. The diamond is the true caption, the dots are seven others *of the same words*, colours and shapes
# swapped: "a **green** cup and a **blue** ball". Upper row: a whole caption is one vector. Lower row: every phrase is asked by
# itself, and the odds are averaged. **Guess first:** in which row does the diamond stand out?

# %%
from vla_course.panels.model.similarity import crowded_scenes, swapped_picture

swapped_picture(encoders, crowded_scenes(seed=3))

# %% [markdown]
# Phrase by phrase the true caption comes first each time. As one vector it does not win once, and it is never far from the
# others: pooled into one vector, all eight captions look nearly alike. It knows *which* words were said, and not which of them go
# together. That is a **bag of words**, and what it lacks is **binding**; large models trained like this one have the same
# trouble (Yuksekgonul et al. 2023). Of 173 such scenes it gets 29 right, where guessing would get 22; phrase by
# phrase it gets 167 (`benchmarks/encoders.py`). Nothing is broken in the encoder. One vector is one place to put
# everything, and "red" and "cup" have to meet somewhere. Keep this picture in mind until section 5, where words stay apart
# until each has found its patches.

# %% [markdown]
# ### Other encoders
#
# An encoder is a name in a configuration. A folder that comes with the course, any folder that `save_pretrained` wrote, or,
# where there is a network, any name on the hub:
#
# ```python
# from vla_course.learning.model.vla_config import VLAConfig
#
# VLAConfig(vision_model_name="openai/clip-vit-base-patch32", language_model_name="bert-base-uncased")
# VLAConfig(vision_model_name="google/siglip2-base-patch16-224")
# VLAConfig(vision_model_name="microsoft/resnet-50", language_model_name="openai/clip-vit-base-patch32")
# ```
#
# From outside all of them look alike: rows of patches, rows of pieces of words, and each reports its own width. A name that
# leads nowhere is refused:

# %%
from vla_course.learning.encoders.encoders import load_vision_encoder

try:
    load_vision_encoder("./eyes")
except ValueError as fault:
    print(fault)

# %% [markdown]
# ## 4 What goes in
#
# From here on you write. The next cell prepares what all exercises look at: the moment of section 1 and two sentences, once
# through both encoders, and fused as the course does it. You need not read it. `check` tests each exercise alone, on the
# course's own version of everything else. The *pictures* run your code, and some need an earlier exercise: 1.6 needs 1.2; 1.7
# and 1.8 need 1.4; the model at the end of section 6 needs 1.2 to 1.7, and that of section 7 needs 1.2, 1.4, 1.5, 1.7 and 1.8. A
# picture that waits says what for.

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
state = torch.from_numpy(now.state).unsqueeze(0)
course_fusion = CourseFusion(config, encoders.vision.width, encoders.language.width, encoders.vision.grid).eval()
with torch.no_grad():
    patches, text_tokens = encoders.vision(pixels[0]), encoders.language(*words)
    first = (patches, text_tokens[:1], state, words.attention_mask[:1])
    fused, mask = course_fusion.fuse_modalities(*first)
print(f"patches {tuple(patches.shape)}, words {tuple(text_tokens.shape)}, state {tuple(state.shape)}, fused {tuple(fused.shape)}")

# %% [markdown]
# ### Exercise 1.1: a picture for an encoder · 15 minutes
#
# The camera gives 240 rows of 320 pixels, in bytes. The encoder was trained on 96 by 96 pixels, on numbers around zero, with
# the colours as the first axis.
#
# $$(240, 320, 3)\ \text{bytes} \;\to\; (240, 240, 3) \;\to\; (3, 96, 96) \;\to\; \frac{\text{colour} - \text{mean}}{\text{std}}$$
#
# **Why:** this is a common fault of robots with learned eyes, and a quiet one. With red and blue swapped, or normalised twice,
# nothing crashes; the robot is just a little worse at everything, for weeks.
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
# Each camera gives thirty-six patches, and two or three of them hold a cup. Look at the chest camera: the red cup stood near the
# border, and the square has cut it away. The head camera has it in the middle, because the expert turns its head to what it is
# about to take. More patches would show more, and cost more time, on every tick.
#
# ### Exercise 1.2: a mean without the padding · 10 minutes
#
# Sentences come in batches, and a batch is a rectangle: "stand still" is filled up with padding to the length of "put the red
# cup to the left of the green box". A mask says which is which.
#
# $$\bar t = \frac{\sum_i m_i\, t_i}{\sum_i m_i}$$
#
# **Why:** if padding counts, what a sentence means depends on *what else is in the batch*. In training there is always company;
# on the robot a command is alone. So the robot that worked in the lab behaves differently at home, and nobody finds out why.
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
# One token of padding moves the plain mean by half of its length, ten move it by nearly all of it. Your mean does not notice
# the padding at all.

# %% [markdown]
# ## 5 Where they meet
#
# ### Exercise 1.3: fusion · 30 minutes
#
# Lay everything in one row: 36 patches, some words, one token for the body. Bring all to one width, add to each a vector that
# says where it is from, and let each token look at every other one. That is **self-attention** (Vaswani et al. 2017): every
# token asks a question, every token answers, and what is read is a mixture, weighted by how well question and answer fit.
#
# $$\text{read}_i = \sum_j \operatorname{softmax}_j\!\left(\frac{q_i \cdot k_j}{\sqrt{d}}\right) v_j \qquad\text{over those } j
# \text{ that are there}$$
#
# Here $q_i = W_q x_i$, the **query**, is what token $x_i$ asks; $k_j = W_k x_j$, the **key**, is what token $x_j$ answers to; and
# $v_j = W_v x_j$, the **value**, is what it has to say. Each has $d$ numbers. The three matrices $W$ are *learned*, and the same for
# all tokens. Softmax turns scores into
# fractions that add up to 1 (its formula comes in 1.6).
#
# One such reading can look for one thing at a time. So there are several side by side, each with matrices of its own: **heads**,
# here four with $d = 32$, and the whole is **multi-head attention**. What a token has read is *added* to what it was, a
# **residual** connection: however badly a layer reads, it cannot lose the token. Three layers of this, each followed by a small
# perceptron and with its inputs normalised, are the `transformer` ([transformer.py](../vla_course/learning/model/transformer.py), fewer than a
# hundred lines: have a look).
#
# **Why:** "the *red* cup" has to find *this* patch, and it can only do so while there are patches to find. Pool pictures and
# words to one vector each, and you have thrown the table away before anybody asked what stands on it.
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


class Mixture(CourseFusion):  # the course's positions, for 1.4 may not be written yet
    fuse_modalities = ModalityFusion.fuse_modalities  # yours


torch.manual_seed(0)
mixture = Mixture(config, encoders.vision.width, encoders.language.width, encoders.vision.grid).eval()
reading_picture(mixture, first, encoders.language.pieces(words.input_ids)[0])

# %% [markdown]
# A row asks, a column is asked. The black columns at the right are the padding of the shorter sentence: nobody reads from it.
# Nothing here is learned yet, so everybody reads a little from everywhere. Ask your fusion whether padding matters:

# %%
with torch.no_grad():
    together, together_mask = mixture.fuse_modalities(*first)
    alone_words = encoders.language.tokenize(["pick up the red cup"])
    alone, _ = mixture.fuse_modalities(patches, encoders.language(*alone_words), state, alone_words.attention_mask)
print(f"alone and beside a longer sentence: {float((together[together_mask] - alone[0]).abs().max()):.1g} apart")

# %% [markdown]
# ### Exercise 1.4: where a token is · 20 minutes
#
# Attention looks into a bag. Nothing in the formula above says which patch is next to which. Shuffle the tokens, and the same
# answers come out, shuffled likewise: self-attention is **permutation equivariant**, and whatever is pooled from it (a mean,
# say) does not change at all. To attention, every picture is as good as a jigsaw of it. So each patch carries its position with
# it, in waves: fast ones for its neighbours, slow ones for the far side of the table.
#
# $$f_j = b^{-j/k}, \qquad \sin(x f_0) \dots \sin(x f_{k-1}),\ \cos(x f_0) \dots \cos(x f_{k-1})$$
#
# for each of the three axes: camera, row and column. Here $x$ is a small whole number (camera 0 to 2, row and column 0 to 5),
# $k$ is the number of frequencies an axis has, and $b$ is 100. Each frequency takes a sine and a cosine, so the 96 numbers of a
# patch are 2 · 3 · 16: $k = 16$.
#
# Why waves, and not simply $x$? Because $\sin a \sin b + \cos a \cos b = \cos(a - b)$. The scalar product of the codes of two
# positions is, on each axis, $\sum_j \cos\big((x - x') f_j\big)$: it **depends on their difference alone**. "Two columns to the
# right" looks the same everywhere in the picture, and attention is made of scalar products. (Between the code and the attention
# stand learned matrices. They may keep this law or bend it; the code makes it easy to keep.)
#
# **Why:** left and right. A robot that sees a jigsaw knows *that* there is a cup and has no idea with which hand to take it.
#
# **Write** `sinusoidal_encoding` in
# [positions.py](../vla_course/exercises/day1_fundamentals/positions.py).
#
# **You will see** a jigsaw, and a position that knows its neighbours.

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
    """How far the mean of what is fused moves when the patches are shuffled."""
    with torch.no_grad():
        (whole, mask), (torn, _) = (fusion.fuse_modalities(seen, *first[1:]) for seen in (patches, patches[:, shuffled]))
    return float((whole[mask].mean(dim=0) - torn[mask].mean(dim=0)).norm())


print(f"picture and jigsaw are {jigsaw_apart():.2g} apart when patches know where they are,", end=" ")
fusion.project_vision.positional_encoder.weight.data.zero_()
print(f"{jigsaw_apart():.1g} when they do not")

# %% [markdown]
# ## 6 What comes out
#
# ### Exercise 1.5: actions within limits · 15 minutes
#
# A network may say any number. A joint has two limits, and behind them there is metal. The **hyperbolic tangent** maps all
# numbers into -1 .. 1, and a straight line maps those to the joint's limits:
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
# ### Exercise 1.6: task and plan · 15 minutes
#
# Beside the actions, the model says which task it believes it was given, and the steps that it means to take. Scores become
# probabilities by **softmax**:
#
# $$p_i = \frac{e^{z_i}}{\sum_j e^{z_j}}$$
#
# **Why:** a robot that gives 40 % to *hand over* the knife and 38 % to *put it away* should ask. To compare the two it needs
# numbers of which none is below 0 and which add up to 1. That is necessary; it is not enough. Probabilities are **calibrated**
# when, of all answers given with 80 %, 80 % turn out right. A trained network's softmax is commonly too sure of itself (Guo et al.
# 2017). Whether ours is will be *measured*, in a **reliability diagram**, once there is something to measure (Day 4).
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
            *course_fusion.fuse_modalities(patches, encoders.language(*said), state, said.attention_mask)
        )
for sentence, plan in plans.items():
    steps = ", ".join(planner.decode(plan)[0]) or "no step at all"
    print(f"{sentence!r}: adds up to {float(plan.task_probabilities.sum()):.6f}; its plan: {steps}")
plan_picture(config.tasks, plans)

# %% [markdown]
# One task leads a little, and it is the same whatever the command was. That is no belief but an accident of random weights, and so
# is the plan. A rule such as "do not move below 90 %" would stop this model here. Once the model is trained, the rule is worth as
# much as the calibration of the number.
#
# ### Exercise 1.7: steps in time · 25 minutes
#
# A model that decides afresh for each single action may change its mind each time, and every decision is one more chance of an
# error that the next ones inherit (**compounding errors**). So the model decides less often, and plans a **chunk**: eight actions
# at once (Zhao et al. 2023). Each step asks the fused tokens a question of its own. That is **cross-attention**: the formula of
# 1.3, with queries from one row of tokens, keys and values from another. And each step must know what the steps before it are about
# to do. There are two kinds of memory for that: an **LSTM** carries a state along, a **transformer** looks back at all earlier steps.
#
# **Why:** eight actions that do not know of each other are eight jerks. On two small soles, jerks arrive at the feet.
#
# **Write** `TemporalDecoder.forward` in
# [temporal.py](../vla_course/exercises/day1_fundamentals/temporal.py).
#
# **You will see** how much each step differs from the one before. Beside your two decoders, a third design: an LSTM that gets
# *one vector*, all that is known, again and again; once as it is at first, and once after two seconds of training to follow
# a sine. **Guess first:** can it?

# %%
check("1.7")

# %%
from dataclasses import replace

from vla_course.exercises.day1_fundamentals.temporal import TemporalDecoder
from vla_course.panels.model.outputs import steps_picture, taught_a_sine

torch.manual_seed(0)
features = {}
with torch.no_grad():
    for kind in ("lstm", "transformer"):
        decoder = TemporalDecoder(replace(config, decoder=kind)).eval()
        features[f"your {kind}"] = decoder(fused, mask, 24)[0]
        short = decoder(fused, mask, 8)[0]
        print(f"{kind}: a chunk of 24 begins like one of 8, {float((features[f'your {kind}'][:8] - short).abs().max()):.1g} apart")
    repeated = fused[mask].mean(dim=0).expand(1, 24, -1)
    lstm = torch.nn.LSTM(128, 128, 2, batch_first=True)
    features["one vector, LSTM untrained"] = lstm(repeated)[0][0]
error = taught_a_sine(lstm, repeated)
with torch.no_grad():
    features["one vector, LSTM trained"] = lstm(repeated)[0][0]
print(f"the trained LSTM follows the sine with a mean square error of {error:.2g}; staying at zero would have 0.5")
steps_picture(features)

# %% [markdown]
# Untrained, the LSTM that is fed one vector settles: after ten steps it says nearly the same thing for ever. Training makes a
# clock of its state, and then it moves. So repetition is not *wrong*; it is weak. Whatever it does at step 20 it must have taken
# from that one vector: no step can look at the picture again. Where each step asks its own question, each can.
#
# ### The model of one camera
#
# Now all your parts are in one model, `VLAModel` of
# [vla_model.py](../vla_course/exercises/day1_fundamentals/vla_model.py). `TemporalVLAModel` is the same model, called with
# sentences. Two pictures (noise, for now) and two commands give five steps of fourteen joints each:

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
# ### Exercise 1.8: three cameras, a command, a body · 30 minutes
#
# A humanoid has more to line up: three cameras, whose patches must know *which* camera they are from; words; one token for the
# body; and, where somebody gives them, targets for its hands. A target is six numbers, three of position and three of rotation,
# and a small perceptron embeds it as one more token.
#
# **Why:** zero is a position. A target that is not there, filled in as zeros, sends the hand to the robot's own hips. What is
# not there has to be *masked*, not zero.
#
# **Write** `HumanoidTokens.assemble` in
# [assembly.py](../vla_course/exercises/day1_fundamentals/assembly.py).
#
# **You will see** the whole row of two samples: the first has a short command and one target, the second a long one and no
# target.

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
    row, row_mask = lined_up.assemble(views, text_tokens, words.attention_mask, state.expand(2, -1), targets)
token_row_picture(row_mask, 3, patches.shape[1], words.input_ids.shape[1], targets.shape[1])

# %% [markdown]
# Three times 36 patches, the pieces of words, one token for the body, one for the target. What is masked is pale: the padding
# of the short command in the first sample, the missing target in the second.
#
# And the model around it, `HumanoidVLA`: three cameras in, twenty-eight joints out, and how sure it is.

# %%
from vla_course.exercises.day1_fundamentals.humanoid_vla import HumanoidVLA

torch.manual_seed(0)
humanoid = HumanoidVLA(encoders.vision, encoders.language, num_joints=28, num_cameras=3).eval()
with torch.no_grad():
    answer = humanoid.predict(pixels, [episode.sentence], state, sequence_length=8)
print(tuple(answer.actions.shape), f"confidence {100 * float(answer.confidence[0]):.0f} %")

# %% [markdown]
# ### Watch it look
#
# Type a command. Above: from which patches your model's actions, or any one of the words, have read, followed back through all
# layers (**attention rollout**, Abnar and Zuidema 2020). Below: where the encoders alone find the same sentence. **Guess
# first:** which of the two rows will change more? Then write "yellow" for "red".

# %%
from vla_course.panels.model.attention_panel import AttentionPanel

looking = AttentionPanel(humanoid, now.rgb, now.state, encoders=encoders)
looking.ask("point at the red cup", asker="red")
looking

# %% [markdown]
# The lower row changes with the words: the encoders have learned. (Roughly: a patch is a sixth of the picture wide, and the light
# often lies one patch beside the cup.) The upper one hardly cares. What you have built can look
# anywhere, and nothing has taught it yet what is worth looking at. And even once it is trained: where a model *could* have read
# from is not why it acted (Jain and Wallace 2019).

# %% [markdown]
# ## 8 Fast enough?
#
# The policies in the table of section 2 give from one to two hundred actions a second. Ours is asked for an answer ten times a
# second. A model that needs longer plans for a world that has moved on: section 2, third failure, once more.
#
# ### Exercise 1.9: a stopwatch that does not flatter · 15 minutes
#
# Four things go wrong when models are timed. The first runs are counted, although they still allocate memory and fill caches. The
# clock is one that can be set back. Only the mean is reported. And on a GPU the clock is stopped before the work is done.
#
# $$\text{control rate} = \frac{1}{p_{99}}, \qquad p_{99}\text{: the time within which 99 of 100 answers are there}$$
#
# **Why:** you do not fall on average. A robot that answers in 20 ms most of the time, and in 300 ms once in fifty times, is
# late every five seconds at 10 Hz. The mean does not show it; $p_{99}$ does.
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
print(f"so it may answer {warm.control_rate:.3g} times a second")

# %% [markdown]
# The first run is usually the slowest: memory is fetched, caches are empty, and the best way to calculate is looked for. That
# is why a stopwatch warms up first. (Hardly any difference? Then all that was done already, when the model ran in section 7.)
#
# Try sizes, decoders and eyes; each stays in the picture, from its median (dot) to its $p_{99}$. Of a few dozen runs that is hardly
# more than the slowest: press Measure again, and see how far it moves. Right of the dashed line it is too late. The eyes are
# four kinds of networks of about the same size, untrained, beside those of the course: a vision transformer (ViT), and three
# convolutional networks, which look through small windows first (ConvNeXt V2, MobileNet V2, ResNet).

# %%
from IPython.display import display

watch = LatencyPanel(HumanoidVLA, measure_latency, encoders.vision, encoders.language)
display(watch)  # seven models, some 2 s each
for eyes in ("shipped", "vit", "convnextv2", "mobilenetv2", "resnet"):
    watch.measure(eyes)
watch.measure(hidden_size=512)
watch.measure(decoder="lstm");

# %% [markdown]
# Time is one price, learning another. Here all four have learned for a minute of processor time from the same pictures, and are
# asked which of 32 pictures shows what a caption says (guessing: 3 %):
#
# | eyes | weights | Mflop a picture | time a picture | parts of pictures and whole ones seen in that minute | accuracy after it (95 % interval) |
# |---|---|---|---|---|---|
# | ViT | 1.9 M | 148 | 5 ms | 12,672 and 3,104 | 11 % (7 to 16 %) |
# | ConvNeXt V2 | 1.8 M | 218 | 11 ms | 6,592 and 1,376 | 1 % (0 to 4 %) |
# | MobileNet V2 | 1.4 M | 141 | 10 ms | 3,968 and 1,152 | 8 % (5 to 12 %) |
# | ResNet | 1.6 M | 300 | 7 ms | 11,648 and 2,816 | 59 % (52 to 66 %) |
#
# What can be said: with *this* recipe and *a minute*, ResNet. What cannot: why. It is one training each, the recipe was found
# on a ResNet, and a network that is slow saw fewer pictures in its minute. In particular the table does not show what is often
# read into such tables, that convolutional networks learn from less because "neighbours belong together" is built into them
# and a ViT must learn it: two of the three convolutional networks have that built in, and are no better than the ViT. (That a
# ViT overtakes with hundreds of millions of pictures is known from elsewhere: Dosovitskiy et al. 2021.) One thing is worth
# noticing all the same: ResNet does the most arithmetic of the four and is the second quickest. Operations are not time; that
# is the next exercise. The shipped eyes are a small ResNet. (`benchmarks/backbones.py`)
#
# ### Exercise 1.10: the roof over a model · 15 minutes
#
# Is a model slow because there is much to calculate, or because there is much to fetch? A machine can do only so many operations a
# second (its *peak*), and bring only so many bytes a second from memory (its *bandwidth*). With $I$ operations for each byte, the
# **arithmetic intensity**, it can do at best
#
# $$\text{attainable} = \min(\text{peak},\ I \cdot \text{bandwidth})$$
#
# This is the **roofline** (Williams, Waterman and Patterson 2009); where its two lines meet is the **ridge point**.
#
# **Why:** if you do not know which of the two binds, you buy the wrong machine, or make the wrong part smaller.
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
print(f"this machine: {machine.flops / 1e9:.3g} Gflop/s, {machine.bandwidth / 1e9:.3g} GB/s")
roofline_picture(machine, roofline, watch.candidates)

# %% [markdown]
# On most machines all dots are to the right of the ridge point: each byte of weights is good for forty to eighty operations,
# because it is used anew for every patch. So it is not the fetching of weights that holds these models back. (What layers hand to
# each other is not counted; it would move the dots to the left.) Nor is it arithmetic alone: the percentages in the legend say
# how much of the roof is reached. The rest goes into what lies between, hundreds of little operations, each of which has to be
# started. That is what compilers for models are for (Day 5).
#
# **Do not take this home as a rule for large models.** One of 7 billion weights that writes its actions token by token, as
# OpenVLA does, uses each weight for one multiplication and one addition a token: two operations for the two bytes that it
# has in bfloat16. Its intensity is about **1**, far to the *left* of any ridge point: it waits for memory. Check it
# against section 2: 14 GB of weights at the 1 TB/s of an RTX 4090 are 14 ms a token, and seven tokens an action 0.1 s, before it
# has looked at the picture; 6 Hz were published. There, weights of half the size nearly double the speed; here they would not.

# %% [markdown]
# ## 9 What the listings got wrong
#
# This course grew from two chapters of a book, and both print such models: one a `VLAModel` with a plan, the other a second
# `VLAModel` and a `HumanoidVLA`. All three read well. All are wrong, in ways all of us have been. Below are seven faults, each as
# it was printed and then boiled down to a few lines that you can run. **Look at each for a minute before you run it**, and say
# what will happen. Four of them do not even crash.

# %% [markdown]
# **Fault 1: side by side, and twice as wide.** Picture and words are put side by side and handed to a transformer that was built
# for one of them.
#
# ```python
#             combined_features = torch.cat([
#                 pooled_vision,
#                 pooled_language
#             ], dim=-1)
#
#         # Apply fusion transformer
#         fused_output = self.fusion_transformer(
#             combined_features.unsqueeze(1)
#         ).squeeze(1)
# ```
#
# The transformer was made with `d_model=config.hidden_size`.

# %%
def shows(what):
    """Run it and show how it fails."""
    try:
        what()
    except (RuntimeError, AssertionError, AttributeError) as fault:
        print(f"{type(fault).__name__}: {str(fault).splitlines()[0]}")
    else:
        raise AssertionError("this was meant to fail")


picture_vector, sentence_vector = torch.randn(2, 128), torch.randn(2, 128)
transformer = torch.nn.TransformerEncoder(torch.nn.TransformerEncoderLayer(128, 4, batch_first=True), 1)
shows(lambda: transformer(torch.cat([picture_vector, sentence_vector], dim=-1).unsqueeze(1)))

# %% [markdown]
# 256 numbers for a transformer of width 128. **Mended:** tokens stand one *after* the other, never side by side; the width stays
# (1.3).

# %%
print(tuple(transformer(torch.stack([picture_vector, sentence_vector], dim=1)).shape))

# %% [markdown]
# **Fault 2: one token.** Say we make that transformer wider, as the listing must have been meant. Before it stand two more lines:
#
# ```python
#         pooled_vision = torch.mean(vision_features, dim=1)  # [B, hidden_size]
#         pooled_language = torch.mean(language_features, dim=1)  # [B, hidden_size]
# ```
#
# (The second of them counts the padding, too: 1.2.) Picture and words are pooled, so what the transformer gets is a row of *one*
# token. Attention distributes 100 % of its weight over one token. Here is what it does with two quite different questions:

# %%
attention = torch.nn.MultiheadAttention(256, 4, batch_first=True)
one_token = torch.cat([picture_vector, sentence_vector], dim=-1).unsqueeze(1)
_, weights = attention(one_token, one_token, one_token)
_, others = attention(10.0 * torch.randn_like(one_token), one_token, one_token)
print("weights:", weights.flatten().tolist(), "whatever is asked:", others.flatten().tolist())

# %% [markdown]
# It runs, it trains, and nobody attends to anything: whatever is asked, the answer is the same. No patch can be found, for there
# is none. **Mended:** nothing is pooled before it is fused. That is the picture of 1.3, row by row.

# %% [markdown]
# **Fault 3: a bottleneck of fourteen numbers.** The decoder of actions takes all that is known of picture and words, brings it to
# the number of joints, applies ReLU, and only then calculates:
#
# ```python
#         self.action_decoder = nn.Sequential(
#             nn.Linear(config.hidden_size * 2, config.action_dim),  # Vision + Language
#             nn.ReLU(),
#             nn.Dropout(0.1),
#             nn.Linear(config.action_dim, config.action_dim)
#         )
# ```
#
# With fourteen joints, all that the robot knows of its kitchen passes through fourteen numbers, of which ReLU sets about half to
# zero.

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
# **Mended:** as wide as the features, until the last layer (1.5).

# %% [markdown]
# **Fault 4: probabilities that do not add up.** The planner's scores leave the model under the name of probabilities.
#
# ```python
#         task_probs = self.task_classifier(fused_features)
# ```

# %%
torch.manual_seed(0)
scores = torch.nn.Linear(128, 12)(torch.randn(1, 128))[0].detach()
for name, row in {"'probabilities'": scores, "mended": scores.softmax(0)}.items():
    print(f"{name} from {row.min():.2f} to {row.max():.2f}, their sum {row.sum():.2f}")

# %% [markdown]
# A robot that acts above 0.5 would act here, on a number that means nothing (1.6).

# %% [markdown]
# **Fault 5: hard-coded sizes.** Three cases of one kind. BERT, which is 768 wide, is fused as if it were 512 (`hidden_dim`) wide.
# A layer that is made for the cameras and a sentence gets the cameras, a sentence, *the body and a target*: somebody thought of
# those later. And a layer for one target gets however many there are.
#
# ```python
#             nn.Linear(hidden_dim * 2, hidden_dim),
#
#             nn.Linear(hidden_dim * (num_cameras + 1), hidden_dim),  # +1 for language
#             camera_features + [lang_features, robot_features, target_features],
#
#             nn.Linear(6, hidden_dim),  # 3D pos + 3D orientation
#             target_features = self.ik_module(target_poses.view(batch_size, -1))
# ```

# %%
picture_512, sentence_of_bert = torch.randn(1, 512), torch.randn(1, 768)
shows(lambda: torch.nn.Linear(512 + 512, 512)(torch.cat([picture_512, sentence_of_bert], dim=-1)))
three_views, sentence, body, target = [torch.randn(1, 128)] * 3, torch.randn(1, 128), torch.randn(1, 128), torch.zeros(1, 128)
shows(lambda: torch.nn.Linear(128 * (3 + 1), 128)(torch.cat([*three_views, sentence, body, target], dim=-1)))
two_hands = torch.randn(1, 2, 6)
shows(lambda: torch.nn.Linear(6, 128)(two_hands.view(1, -1)))

# %% [markdown]
# **Mended:** nobody writes 768. An encoder says how wide it is (`encoders.language.width`), a projection brings it to the model's
# width, and a row of tokens does not care how many there are (1.8). Two cameras, three cameras, one model:

# %%
for cameras in (1, 2, 3):
    some = HumanoidVLA(encoders.vision, encoders.language, num_cameras=cameras).eval()
    with torch.no_grad():
        print(cameras, "cameras:", tuple(some(pixels[:cameras], [episode.sentence], state, sequence_length=5).shape))

# %% [markdown]
# **Fault 6: the same action, as often as you like.** The humanoid's listing repeats what is fused for each step, and decodes each
# step by itself:
#
# ```python
#         fused_features = fused_features.unsqueeze(1).expand(-1, sequence_length, -1)
#
#         # Generate joint actions
#         joint_actions = self.action_decoder(fused_features)  # [batch_size, seq_len, num_joints]
# ```

# %%
torch.manual_seed(0)
action_decoder = torch.nn.Sequential(torch.nn.Linear(128, 128), torch.nn.ReLU(), torch.nn.Linear(128, 28), torch.nn.Tanh())
fused_features = torch.randn(1, 128).unsqueeze(1).expand(-1, 8, -1)
with torch.no_grad():
    joint_actions = action_decoder(fused_features)[0]
print(f"{tuple(joint_actions.shape)}: step 8 differs from step 1 by {float((joint_actions[7] - joint_actions[0]).abs().max()):.1f}")

# %% [markdown]
# The shape is that of a motion; it is a statue. No training can change that: equal inputs, one function, equal outputs.
# **Mended:** each step asks its own question (1.7).
#
# **And a weakness.** The other listing repeats in the same way, but puts an LSTM behind it:
#
# ```python
#         # Expand for temporal modeling
#         fused_features = fused_features.unsqueeze(1).expand(-1, sequence_length, -1)  # [batch_size, seq_len, hidden_dim]
#
#         # Temporal modeling
#         temporal_out, _ = self.temporal_model(fused_features)  # [batch_size, seq_len, hidden_dim]
# ```
#
# That is no fault. You saw in 1.7 that such an LSTM settles while it is untrained, and that training makes a clock of it. What it
# cannot do is look at the picture again.

# %% [markdown]
# **Fault 7: tokens left on the CPU.** The tokenizer's numbers are never moved to the device on which the model is:
#
# ```python
#             tokens = self.tokenizer(
#                 command,
#                 return_tensors="pt",
#                 padding=True,
#                 truncation=True
#             )
#             with torch.no_grad():
#                 text_embedding = self.language_encoder(**tokens).last_hidden_state
# ```
#
# On a laptop nobody notices. There need not be a GPU here to see it: torch has a device of shapes without numbers, "meta". It
# lets the look-up pass, where a GPU would not, and refuses the product with the mask.

# %%
import copy

far_away = copy.deepcopy(encoders.language).to("meta")
left_behind = far_away.tokenizer([episode.sentence], return_tensors="pt")  # as in the listing
embedding = far_away.model.get_input_embeddings()
shows(lambda: embedding(left_behind["input_ids"]) * left_behind["attention_mask"].unsqueeze(-1))

# %% [markdown]
# **Mended:** the encoder's own `tokenize` asks where its weights are, and puts the words there.

# %%
taken_along = far_away.tokenize([episode.sentence])
print(tuple((embedding(taken_along.input_ids) * taken_along.attention_mask.unsqueeze(-1)).shape), "on", taken_along.input_ids.device)

# %% [markdown]
# One more thing about those lines, which no error will ever show: `no_grad` stands inside `forward`. "Fine-tune" this model as
# long as you like, and its language encoder does not change. Whether an encoder is frozen is for its *owner* to say
# (`fine_tune_language` in the configuration), not for the code that calls it.
#
# Did you notice what the listings have in common? Each line is plausible. What finds such faults is not reading but *laws*:
# padding changes nothing, a jigsaw is no picture, probabilities add up, every step has its own question, a gradient reaches
# whatever is to learn. They are what the checks of today have tested.

# %% [markdown]
# ## 10 What can it do?
#
# Your model is complete. Nothing in it has been trained but the encoders. So let it act.

# %%
from vla_course.panels.model.first_try import first_try, tries_picture

tries = [first_try(humanoid, command) for command in ("pick up the red cup", "point at the green box", "reach for the blue ball")]
for one in tries:
    print(f"{one.sentence}: {one}; an arm joint went {one.swing:.1f} rad")
tries_picture(tries)

# %% [markdown]
# Its arms go to mid-range, the middle of what its joints can do, and stay there, like somebody who was asked something in a
# language that they do not speak. Nothing on the table moves, no command is carried out, and every command looks the same. How
# much does a word change?

# %%
with torch.no_grad():
    both = humanoid.predict(
        [view.expand(2, -1, -1, -1) for view in pixels], ["pick up the red cup", "do not move"], state.expand(2, -1)
    )
apart = (both.targets[0] - both.targets[1]).abs().rad2deg()
print(f"another command moves the joints' targets by {float(apart.mean()):.1f}°, at most {float(apart.max()):.1f}°")
print(f"it gives itself a chance of {100 * float(both.confidence[0]):.0f} %")

# %% [markdown]
# Two observations deserve a second look.
#
# - **It stands.** Not thanks to the model: what it says about its legs is thrown away. The walker of Day 3 owns them, and kept the
#   robot up under whatever the arms did. That protects the robot from *falling*, and from nothing else: these arms obey the model,
#   and only their joint limits stood between them and the table, or a person. Before a model may learn from its mistakes on a real
#   robot, its arms need the pipeline of Day 3 as well.
# - **It says 2 %.** This is not insight. The layer that says so begins there by construction, whatever it sees, because an untrained
#   model should not claim more. A stack that asks "how sure?" before it moves can use that from the first day on. Whether the number
#   is worth anything *after* training, a reliability diagram has to show.
#
# All of its parts are right: the laws hold, shapes fit, limits are kept. What is missing is not code. It is *experience*: thousands
# of times "in this picture, at this command, the expert did that". This is why there is a Day 4.

# %% [markdown]
# ## 11 What you have
#
# A model that takes three pictures, a sentence and what the body feels, and answers with eight steps of twenty-eight joints and a
# confidence. (Its smaller sister, with one camera, answers with a plan as well.) It never leaves the limits of its joints, does not
# care what else is in the batch, and can tell left from right. You know how long it thinks, and why, and which of the field's models
# are its relatives. Ten short functions of it are yours.
#
# **Five questions.** Answer aloud, then unfold.
#
# <details><summary>1. Your model answers a command differently when it is alone than in a batch. Where do you look first?</summary>
#
# At the masks. Somewhere padding counts: in a mean (1.2), in attention (1.3), or because a mask was cut off on its way. (The last
# place to look is dropout that was never switched off: then it answers differently each time.)
# </details>
#
# <details><summary>2. A colleague pools the picture to one vector "to save time" and finds that the robot takes the wrong cup as
# often as the right one. Why?</summary>
#
# The words have nothing left to find. What is where is gone before the sentence is read; what is left is "two cups, one red, one
# yellow".
# </details>
#
# <details><summary>3. Every action of a network ends in tanh. Is the robot safe now?</summary>
#
# Its joints are within their limits, always. Its hand may still be in the table and its weight beside its feet. Bounds are the
# first of many questions; the others are asked on Day 3.
# </details>
#
# <details><summary>4. Mean latency 40 ms, p99 130 ms, the robot needs 10 Hz. Ship it?</summary>
#
# No: once in a hundred ticks, every ten seconds, the answer comes too late. Find out what happens in the slow ones, or act on
# chunks so that one late answer does not matter (Day 2).
# </details>
#
# <details><summary>5. Your model has 80 flop for every byte of weights, and the machine's ridge point is at 10. Would weights of half
# the size make it faster?</summary>
#
# Not by themselves: memory does not bind it. Half the bytes help where arithmetic in half precision is faster, too (bfloat16 on
# processors that have it), or where many other programs want the memory. A model of 7 billion weights that answers one robot token
# by token is on the other side of the ridge: there, yes.
# </details>

# %%
progress()

# %% [markdown]
# **Further reading.**
#
# - The parts: Vaswani et al. 2017, *Attention is all you need* ([arXiv:1706.03762](https://arxiv.org/abs/1706.03762)), the formula of
#   1.3 and the waves of 1.4. Dosovitskiy et al. 2021, *An image is worth 16x16 words*
#   ([arXiv:2010.11929](https://arxiv.org/abs/2010.11929)), patches as tokens.
# - Pictures and words: Radford et al. 2021, CLIP ([arXiv:2103.00020](https://arxiv.org/abs/2103.00020)). Zhai et al. 2023, SigLIP
#   ([arXiv:2303.15343](https://arxiv.org/abs/2303.15343)), the loss our encoders were trained with. Yuksekgonul et al. 2023, *When and
#   why vision-language models behave like bags-of-words* ([arXiv:2210.01936](https://arxiv.org/abs/2210.01936)), the diamond among its
#   dots.
# - Policies: the models of section 2, each linked there; begin with RT-2 and ACT. Chi et al. 2023, *Diffusion policy*
#   ([arXiv:2303.04137](https://arxiv.org/abs/2303.04137)), what to do where two actions are equally good and their mean is not.
# - Looking inside: Abnar and Zuidema 2020, *Quantifying attention flow in transformers*
#   ([arXiv:2005.00928](https://arxiv.org/abs/2005.00928)), the rollout of section 7. Jain and Wallace 2019, *Attention is not
#   explanation* ([arXiv:1902.10186](https://arxiv.org/abs/1902.10186)).
# - How sure, how fast: Guo et al. 2017, *On calibration of modern neural networks*
#   ([arXiv:1706.04599](https://arxiv.org/abs/1706.04599)). Williams, Waterman and Patterson 2009, *Roofline*
#   ([doi:10.1145/1498765.1498785](https://doi.org/10.1145/1498765.1498785)).
#
# **What comes next.** [Day 2](day2_streaming_pipeline.ipynb) keeps such a model answering in time while camera frames pour in. On Day 3 the robot learns to stand,
# walk and take objects by formulas, and to refuse what would make it fall. On Day 4 the model of today watches the expert, and learns.
# Later days build on earlier ideas, but not on your code: [Day 3](day3_humanoid_balance.ipynb) is there, begin where you like.
