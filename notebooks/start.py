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
# # Vision, language, action: five days with a humanoid
#
# Welcome. In this workbook a humanoid robot learns to see, to understand a command, and to act on its own two feet. You
# write the parts that matter, a few lines at a time, and watch the robot do something that it could not do before. All of
# it runs on this computer, in a physics simulation: no GPU, no download, no account.
#
# Run a cell with **Shift + Enter**. This first one shows where you stand; click on a day to see its exercises.

# %%
from vla_course.course import progress

progress()

# %% [markdown]
# ## The five days
#
# | day | you will | notebook |
# |---|---|---|
# | **1 Fundamentals** | build a small model that turns pictures and words into actions, and find out what it looks at and how long it thinks | [open](day1_fundamentals.ipynb) |
# | **2 Streaming pipeline** | keep it answering in time while camera frames pour in, and decide what it does when no answer comes | [open](day2_streaming_pipeline.ipynb) |
# | **3 Humanoid balance** | push a humanoid over, write the controller that keeps it standing, then let it walk and take a cup from a table | [open](day3_humanoid_balance.ipynb) |
# | **4 Training** | let the robot learn from an expert, from its mistakes and by trying, and measure what it learned | [open](day4_training.ipynb) |
# | **5 Deployment** | put round it what it needs among people: limits, a stop, monitors, a recorder, ears; and find out why a robot fell | [open](day5_deployment.ipynb) |
#
# Later days build on earlier ideas, but not on your code: whatever a day needs of another one, it takes from the course.
# So begin wherever you like: with the model (Day 1), with what keeps it in time (Day 2), with the body (Day 3), with how it learns (Day 4), or with what makes it safe (Day 5). *Within* a day the pictures run what you have
# written. A picture whose exercise is still empty says which one it waits for, and **Run All** stops there. `check` never
# waits: it tests one exercise, beside the course's version of the others. In some panels you can choose between *yours* and
# *the course's*.
#
# ## How an exercise works
#
# 1. **Open the file** that the notebook names, such as
#    [com.py](../vla_course/exercises/day3_humanoid_balance/com.py) in `vla_course/exercises/day3_humanoid_balance`.
#    Each exercise in it ends in `raise NotAttempted(...)`.
# 2. **Write your answer** in place of that line, and save with **Ctrl + S**.
# 3. **Check it** in the notebook. The card that appears says which properties hold, what was expected where they do
#    not, and what you got. You can check as often as you like.
#
# | in a notebook | in a terminal | |
# |---|---|---|
# | `check("3.1")` | `vla-course check 3.1` | does my answer hold? |
# | `hint("3.1")` | `vla-course hint 3.1` | a nudge; ask again for a firmer one |
# | `solution("3.1")` | `vla-course solution 3.1` | how the course does it |
# | `reset("3.1")` | `vla-course reset 3.1` | the empty exercise again; your version is kept in `.vla_course/backups` |
# | `progress()` | `vla-course progress` | where do I stand? |
#
# Try it now. As long as nothing is written, the card says just that:

# %%
from vla_course.course import check

check("3.1")

# %% [markdown]
# ## Does everything work here?
#
# This takes a few seconds and tries physics, pictures, notebooks and the versions of what is installed. Whatever does not
# work comes with a line that says what to do.

# %%
from vla_course.doctor import examine

examine()

# %% [markdown]
# All well? Then open **[Day 1: fundamentals](day1_fundamentals.ipynb)** and have a robot pick up a cup,
# **[Day 2: streaming pipeline](day2_streaming_pipeline.ipynb)** and have one miss it,
# **[Day 3: humanoid balance](day3_humanoid_balance.ipynb)** and give one a push, **[Day 4: training](day4_training.ipynb)** and tell
# one what to do, or **[Day 5: deployment](day5_deployment.ipynb)** and find out why one fell.
