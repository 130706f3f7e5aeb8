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
# # Day 3, first half: a humanoid that stays on its feet
#
# A humanoid is a tall thing on two small soles, and all that keeps it up is where those soles push. Today you push
# one over, find out why it fell, and write the controller that keeps it standing: twelve short functions, about three
# and a half hours. At the end a robot that runs on *your* code is shoved and pulled, and stays.
#
# The way there is one question asked ever more sharply:
#
# | | question | you write |
# |---|---|---|
# | 1 | Why does a statue fall? | |
# | 2 | Where does my weight act? | 3.1 |
# | 3 | Which ground can push back, and how near is its edge? | 3.2, 3.3 |
# | 4 | Where does the ground push? | 3.4, 3.5 |
# | 5 | Where am I falling to, and how hard a push can I take? | 3.6, 3.7 |
# | 6 | What do I do about it, 250 times a second? | 3.8 to 3.12 |
# | 7 | Does it hold? | |
#
# x points forward, y to the left, z up; metres, seconds, kilograms. In every picture
# <span style="color:#0072B2">**blue is the centre of mass**</span>,
# <span style="color:#009E73">**green what the soles measure**</span>,
# <span style="color:#D55E00">**vermilion the zero moment point**</span> and
# <span style="color:#CC79A7">**pink where the fall is heading**</span>. The light blue arrow is you.

# %%
# %load_ext autoreload
# %autoreload 2
import numpy as np

from vla_course.course import check, hint, progress, reset, solution
from vla_course.motion.standing import Push, stand
from vla_course.panels.figures import from_above, margin_over_time, over_time
from vla_course.panels.filmstrip import filmstrip
from vla_course.panels.replay import replay, side_by_side
from vla_course.panels.story import outcome
from vla_course.simulation.humanoid import HOME_POSTURE, Humanoid
from vla_course.simulation.world import World


def experiment(controller, *pushes, seconds=3.0):
    """Stand a new robot in a new world, push it, and return the record of every 4 ms.

    Each push is (time in s, N s/kg forward, N s/kg to the left).
    """
    with World(seed=0) as world:
        robot = Humanoid(world)
        hand = [Push(time, (robot.mass * x, robot.mass * y, 0.0)) for time, x, y in pushes]
        return stand(robot, controller, seconds, hand)


# %% [markdown]
# `autoreload` means: save a file, run the cell again, and the new code runs. Nothing needs a restart. Stuck at 3.5?
# `hint("3.5")` nudges, and nudges harder when asked again; `solution("3.5")` shows how the course does it.
#
# ## 1 A statue
#
# Here are 28 motors, 47 kg and two soles of 22 by 11 cm. For now every motor does one thing: it holds its joint where
# it is. No part of the robot asks whether it stands.
#
# A hand pushes it at half a second, forward, with 0.34 N s for every kilogram. That number is easy to picture: it is
# the speed, 0.34 m/s, that the push would give the robot if nothing held it. For this robot it is 160 N for a tenth of
# a second, a firm shove with a flat hand.
#
# **Before you run the cell:** will it fall?

# %%
shoved = experiment(None, (0.5, 0.34, 0.0))
filmstrip(shoved, title="A statue, shoved once")

# %% [markdown]
# Six photographs, and it is still up. Is that balance? Look at where the ground pushes. The grey band is the ground
# under the soles, heel to toe, the green line the **centre of pressure**: the mean of all contact points, weighted by
# their forces.

# %%
over_time(shoved)

# %% [markdown]
# The green line jumps from toe to heel to toe, and does not stop. The robot rocks on the edges of its soles like a
# chair that somebody kicked. A chair is hard to push over, too. But while it rocks it touches the ground with one edge
# only; it can push nowhere else, and whatever comes next meets it on the move.
#
# So let the same hand pull back, just as hard, 0.4 s after the shove.

# %%
fallen = experiment(None, (0.5, 0.34, 0.0), (0.9, -0.34, 0.0))
filmstrip(fallen, title=f"Shoved, then pulled back: the statue {'fell' if fallen.fell else 'stood'}")

# %%
replay(fallen, "statue")

# %% [markdown]
# Turn the view with the mouse, play it at quarter speed, and watch the green dot under the feet.
#
# **What went wrong?** Nothing broke and no motor was too weak. The pull met a robot that was on its way back already,
# tipped it onto its heels, and there was nobody who moved as much as an ankle. To do better the robot has to know four
# things: where its weight is, what ground it has, where the ground pushes, and where it is heading. We go through them
# in this order.

# %% [markdown]
# ## 2 Where the weight acts
#
# The robot is 40 rigid bodies. For falling over, all of them act like one point, the **centre of mass**: each body
# pulls it towards itself in proportion to what it weighs.
#
# $$c = \frac{\sum_i m_i\, r_i}{\sum_i m_i}$$
#
# ### Exercise 3.1: centre of mass · 8 minutes
#
# **Why:** every number from here on starts from $c$. Three centimetres wrong, and the robot believes that it stands when
# it topples.
#
# **Write** `center_of_mass` in
# [`com.py`](../vla_course/exercises/day3_humanoid_balance/com.py).
#
# **You will see** the robot raise its arms, and your point follow them.

# %%
check("3.1")

# %%
from vla_course.exercises.day3_humanoid_balance.com import center_of_mass
from vla_course.panels.lessons import bodies_of, mass_picture

arms_up = HOME_POSTURE.copy()
arms_up[[12, 19]] = -1.5  # both shoulders, rad
with World() as world:
    robot = Humanoid(world)
    masses, places = bodies_of(robot)
    off = 1e6 * np.linalg.norm(center_of_mass(masses, places) - robot.center_of_mass())
    postures = {"arms down": (masses, places)}
    robot.command(arms_up, position_gain=0.01)
    world.run(1.5)
    postures["arms ahead"] = bodies_of(robot)

print(f"{masses.sum():.1f} kg in {len(masses)} bodies; the physics engine and you are {off:.1g} µm apart")
mass_picture(postures, center_of_mass)

# %% [markdown]
# Two arms of 4 kg each move the point of 47 kg by a few centimetres: of the eleven that it has to the tips of its
# toes. Hands are not free.

# %% [markdown]
# ## 3 The ground that can push back
#
# The ground pushes only where it is touched, and it never pulls. All its little pushes add up to one, and that one
# acts somewhere *between* the points of contact: inside the rubber band round them. The band is the **support
# polygon**.
#
# Here are the robot's soles from above, forward up. The band is the thin line round both.

# %%
from_above(shoved)

# %% [markdown]
# The statue's centre of mass (blue) hardly moves. The centre of pressure (green) dashes to and fro between toes and
# heels, and never leaves the band. It cannot: there is nothing to push on.
#
# ### Exercise 3.2: support polygon · 25 minutes
#
# **Why:** with one foot ahead, the band spans ground that no sole touches, and leaves out ground that a box round
# the feet would hold. A robot that takes the box for its support leans on air.
#
# **Write** `support_polygon` in
# [`support.py`](../vla_course/exercises/day3_humanoid_balance/support.py).
#
# **You will see** your band round three stances, its corners numbered in your order.

# %%
check("3.2")

# %%
from vla_course.exercises.day3_humanoid_balance.support import support_polygon
from vla_course.panels.lessons import stances_picture

stances_picture(shoved, support_polygon)

# %% [markdown]
# ### Exercise 3.3: stability margin · 20 minutes
#
# **Why:** "inside" is not enough. A robot needs to know *how far* inside, in centimetres, and once it is out, how far
# out. One number with a sign says both.
#
# **Write** `stability_margin` in the same
# [`support.py`](../vla_course/exercises/day3_humanoid_balance/support.py).
#
# **You will see** the fall of the statue as a line that crosses zero.

# %%
check("3.3")

# %%
from vla_course.exercises.day3_humanoid_balance.support import stability_margin

margin_over_time(fallen, stability_margin, of=("CoM", "CoP"), title="The statue, shoved and pulled")

# %% [markdown]
# Read the lines from left to right. The green one drops to zero as soon as it is pushed: the soles are on their edge
# and have nothing left to give. The blue one, the centre of mass, still looks comfortable then. It crosses zero much
# later, long after the fall was sealed. **The margin of the centre of mass is a bad warning.** We need better ones.

# %% [markdown]
# ## 4 Where the ground has to push
#
# You stand in a bus. It starts, and your weight goes to your heels; it brakes, and you press your toes down. Nobody
# pushed you: the ground has to push *behind* you to accelerate you forward without tipping you over. The point where it
# must push for a given motion is the **zero moment point** (ZMP).
#
# The chapter that this course grew from writes in its code:
#
# ```python
# # ZMP_x = (sum(m_i * g * z_i * x_i) - sum(I_i * alpha_i)) / (sum(m_i * g))
# # ZMP_y = (sum(m_i * g * z_i * y_i) - sum(I_i * alpha_i)) / (sum(m_i * g))
# ```
#
# Do not trust a formula because it looks like one. **Take two minutes and find what is wrong**; units alone give away
# the first two faults.
#
# <details><summary>What is wrong with it</summary>
#
# 1. **Units.** Heights $z_i$ multiply $x_i$: the first sum over weight is in m², the answer should be in m. For a robot
#    at rest the ZMP must be $c_x$; this gives about $0.7\,c_x$, and another value if you measure heights from the table.
# 2. $I_i \alpha_i$ is a torque, a *rate of change of angular momentum*, and belongs there. But the same sum stands in both
#    lines. Turning about y moves the ZMP along x, turning about x moves it along y: each line needs its own axis.
# 3. **Signs.** The two axes enter with opposite signs, because turning x towards y is not turning y towards x.
# 4. **No acceleration of the masses.** $m_i \ddot x_i$ is what the bus is about, and it is nowhere.
# 5. **Divided by the weight only.** A robot that rises pushes the ground with more than its weight, one that sinks with
#    less: $\sum m_i (g + \ddot z_i)$.
#
# It is not a typo to be mended but a formula to be derived. We do that in two steps.
# </details>

# %% [markdown]
# ### First step: a cart on a table
#
# Put all mass into one point that keeps its height: a cart that rolls on a table of no weight, the table's foot being
# the robot's. When the cart accelerates, inertia tips the table backwards; the ZMP is where it just does not tip.
# Taking moments about that point, weight times lever equals inertia times height,
#
# $$m g\,(c_x - p_x) = m\,\ddot c_x\, c_z \qquad\Rightarrow\qquad p = c_{xy} - \frac{c_z}{g}\,\ddot c_{xy}$$
#
# ### Exercise 3.4: cart-table ZMP · 8 minutes
#
# **Why:** it is the formula that walking robots plan with. For 1 m/s² the ZMP of our robot moves by 7 cm, of the 11 that
# its feet have.
#
# **Write** `cart_table_zmp` in [`zmp.py`](../vla_course/exercises/day3_humanoid_balance/zmp.py).
#
# **You will see** it next to what the soles measure, on a robot that sways.

# %%
check("3.4")

# %% [markdown]
# A sway is a good test: smooth, and nobody pushes. The course's own controller moves the robot round an ellipse, once
# in two seconds. The orange line is yours, the wide green one beneath it is measured under the soles.

# %%
from vla_course.exercises.day3_humanoid_balance.zmp import cart_table_zmp
from vla_course.motion.sway import Sway
from vla_course.reference.day3_humanoid_balance.balance import BalanceController as CourseController

swaying = experiment(Sway(CourseController()), seconds=5.0)
over_time(swaying, cart_table_zmp=cart_table_zmp)

# %% [markdown]
# Close, and the ZMP swings *wider* than the centre of mass, as in the bus. But not on top of each other. The robot is no
# cart: its legs and trunk turn while it sways.

# %% [markdown]
# ### Second step: all the limbs
#
# What turns has angular momentum $L$ about the centre of mass, and to change it the ground must push elsewhere. And what
# rises weighs more. Both go into the same balance of moments:
#
# $$F_z = m\,(\ddot c_z + g), \qquad
# p_x = c_x - \frac{m\,c_z\,\ddot c_x + \dot L_y}{F_z}, \qquad
# p_y = c_y - \frac{m\,c_z\,\ddot c_y - \dot L_x}{F_z}$$
#
# Set $\dot L = 0$ and $\ddot c_z = 0$, and the cart is back.
#
# ### Exercise 3.5: zero moment point · 18 minutes
#
# **Why:** a robot that waves its arms or bows changes $L$. With this formula it knows what that does to its feet
# *before* they feel it.
#
# **Write** `zero_moment_point` in [`zmp.py`](../vla_course/exercises/day3_humanoid_balance/zmp.py).
#
# **You will see** the error of both formulas, in millimetres.

# %%
check("3.5")

# %%
from vla_course.exercises.day3_humanoid_balance.zmp import zero_moment_point
from vla_course.panels.lessons import zmp_error_over_time

zmp_error_over_time(swaying, cart_table_zmp=cart_table_zmp, zero_moment_point=zero_moment_point)

# %% [markdown]
# Two quite different things agree here: a formula fed with masses and motions, and contact forces counted under the
# soles. Without a push the ZMP *is* the centre of pressure. The cart misses it by millimetres, and this was a gentle
# sway: a robot that walks turns its limbs faster, and its cart errs by a centimetre.
#
# ### And when somebody pushes?
#
# **Predict first:** the hand shoves the robot forward, so it accelerates forward. Where does your formula put the ZMP
# during that tenth of a second, and where will the soles press?

# %%
pushed = experiment(CourseController(), (0.5, 0.25, 0.0), seconds=2.0)
over_time(pushed, zero_moment_point=zero_moment_point, window=(0.3, 1.3))

# %% [markdown]
# They part, by some twenty centimetres, for exactly as long as the push lasts. Neither is wrong. The formula asks: *if
# the ground alone* had caused this motion, where must it have pushed? Far behind the heels, where there is no ground.
# But the ground was not alone; another force acted, and the formula does not know of hands. The soles meanwhile press
# at the toes, to brake.
#
# Keep this: **CoP is where the ground pushes; ZMP is where it would have to if it were alone.** When they differ,
# something else touches you. That is how a robot with force sensors under its feet can feel a hand on its back. A
# controller that is meant to survive hands steers by the measured one.

# %% [markdown]
# ## 5 Where the fall is heading
#
# Balance a broom on your palm. It leans, and the lean itself makes it lean more: with $\omega = \sqrt{g/c_z}$ the
# cart-table says
#
# $$\ddot c = \omega^2\,(c - p)$$
#
# The centre of mass is driven away from the ZMP, the faster the farther. One clever sum of place and speed tells
# everything about such a fall,
#
# $$\xi = c_{xy} + \frac{\dot c_{xy}}{\omega}, \qquad\text{for which}\qquad \dot\xi = \omega\,(\xi - p), \qquad
# \dot c = \omega\,(\xi - c)$$
#
# Read the last two aloud: *the centre of mass follows $\xi$, and $\xi$ runs away from the ZMP.* So $\xi$, the
# **divergent component of motion** (DCM), is where the robot is falling to. Put the ZMP there, and it comes to rest
# right above.
#
# ### Exercise 3.6: divergent component of motion · 12 minutes
#
# **Why:** it is the early warning that the centre of mass was not.
#
# **Write** `divergent_component_of_motion` in
# [`dcm.py`](../vla_course/exercises/day3_humanoid_balance/dcm.py).
#
# **You will see** the pink line leave first, and the blue one follow it.

# %%
check("3.6")

# %%
from vla_course.exercises.day3_humanoid_balance.dcm import divergent_component_of_motion
from vla_course.panels.lessons import compare

kept = experiment(CourseController(), (0.5, 0.34, 0.0), (0.9, -0.34, 0.0))
compare(
    {"statue": fallen, "controlled": kept},
    divergent_component_of_motion=divergent_component_of_motion,
)

# %% [markdown]
# Same hand, two robots. Above, the pink line leaves the band one second after the start, with the blue one still close
# to the middle. The fall is sealed there, a third of a second before the centre of mass follows it out. Below, the
# controller sends the green line to the far side of the pink one, and that turns it back. Remember this picture; it is
# the whole trick of section 6.

# %% [markdown]
# ### How hard a push?
#
# A short push of $J$ N s gives the robot the speed $J/m$ at once and moves the DCM by $(J/m)/\omega$. The ZMP can chase
# it only as far as the soles reach. Beyond their edge nothing turns it back; only a step could. With $d$ the distance
# from the centre of mass to the edge, in the direction of the push:
#
# $$\frac{J}{m} = \omega\, d$$
#
# ### Exercise 3.7: the push one can take · 18 minutes
#
# **Why:** it is the robot's own answer to "must I step?", before it is too late to ask.
#
# **Write** `no_step_push_limit` in [`dcm.py`](../vla_course/exercises/day3_humanoid_balance/dcm.py).
#
# **You will see** the limit all round, and then whether a robot of 28 joints cares for a formula of two letters.

# %%
check("3.7")

# %%
from vla_course.exercises.day3_humanoid_balance.dcm import no_step_push_limit
from vla_course.panels.push_limits import measure, predict, push_limit_picture

home = experiment(None, seconds=0.2)
predicted = predict(no_step_push_limit, home)
push_limit_picture(predicted, title="What theory allows")

# %% [markdown]
# The shape is that of the feet, seen from the centre of mass: little forward and back, more to the sides, most to the
# corners.
#
# **Now commit yourself.** At which of these four pushes will the controlled robot fall first? Write the number down,
# then run the cell.

# %%
limit = predicted.predicted[0]
for share in (0.8, 1.0, 1.2, 1.4):
    run = experiment(CourseController(), (0.5, share * limit, 0.0))
    print(f"{share:.1f} x {limit:.2f} = {share * limit:.2f} N s/kg: {outcome(run)}")

# %% [markdown]
# A formula for a point on a stick, and it tells a robot with 28 joints where it gets serious. What the robot stands
# *beyond* the limit it owes to what the point does not have: a trunk that can bow, and a push that takes time, during
# which the feet work already.

# %% [markdown]
# ## 6 The controller
#
# Now the robot knows enough to act. This happens 250 times a second:
#
# ```text
#   where is home?       3.9   ──┐
#   where do I fall to?  3.6   ──┴─► which ZMP turns the fall?  3.10
#                                                 │
#                                    which one can the feet give?  3.11
#                                                 │
#   what do the feet measure?  ────► which acceleration puts it there?  3.8
#                                                 │
#                                    what do 28 joints do now?  3.12
# ```
#
# You need not finish to see it work: each of your parts is put into the course's controller at once, and the robot runs
# on the mixture.
#
# ### Exercise 3.8: ZMP controller · 14 minutes
#
# The cart-table, turned round: not "which ZMP belongs to this acceleration" but "which acceleration puts the ZMP where
# I want it". To move it to the toes, accelerate *backward*. Ankles do that, hence **ankle strategy**.
#
# **Why:** this is the robot's one handle on the ground. All else only decides where to pull it.
#
# **Write** `ZMPController.generate_correction` in
# [`balance.py`](../vla_course/exercises/day3_humanoid_balance/balance.py).
#
# **You will see** the green line shoot to the toes during a push, and the robot come home.

# %%
check("3.8")

# %%
from vla_course.exercises.day3_humanoid_balance.balance import ZMPController

mixture = CourseController()
mixture.zmp_controller = ZMPController(mixture.config)  # yours
ankles = experiment(mixture, (0.5, 0.25, 0.0), seconds=2.0)
print(f"With your ZMP controller the robot {outcome(ankles)}.")
over_time(ankles, divergent_component_of_motion=divergent_component_of_motion)

# %% [markdown]
# ### Exercise 3.9: centre-of-mass controller · 12 minutes
#
# Where is home? Above the middle of the feet, at standing height. How fast to go there? Not at once: who lunges for home
# falls on its other side.
#
# **Why:** without a home the robot would stand wherever the last push left it, a little nearer to the edge each time.
#
# **Write** `CenterOfMassController.generate_adjustment` in
# [`balance.py`](../vla_course/exercises/day3_humanoid_balance/balance.py).
#
# **You will see** arrows that all point home, none longer than 10 cm.

# %%
check("3.9")

# %%
from vla_course.exercises.day3_humanoid_balance.balance import CenterOfMassController
from vla_course.motion.balance_config import BalanceConfig
from vla_course.panels.lessons import balance_state, way_home_picture

with World() as world:
    at_rest = balance_state(Humanoid(world))

way_home_picture(CenterOfMassController(BalanceConfig()), at_rest)

# %% [markdown]
# ### Exercise 3.10: capture ZMP · 12 minutes
#
# The DCM runs away from the ZMP. To drive it home, put the ZMP on its far side: a palm that wants the broom back goes
# *beyond* the broom. With $r$ the place of rest,
#
# $$p = r + (1 + k)(\xi - r) \qquad\Rightarrow\qquad \dot\xi = -k\,\omega\,(\xi - r)$$
#
# The 1 catches the fall, the $k$ brings it back.
#
# **Why:** this line is the balance of the robot. The rest is about what feet and joints can do for it.
#
# **Write** `BalanceController.calculate_capture_zmp` in
# [`balance.py`](../vla_course/exercises/day3_humanoid_balance/balance.py).
#
# **You will see** the ZMPs that the robot wishes for after pushes in all directions. The outer ring lies where it has no feet.

# %%
check("3.10")

# %%
from vla_course.exercises.day3_humanoid_balance.balance import BalanceController
from vla_course.panels.lessons import capture_picture


class Mixture(CourseController):
    calculate_capture_zmp = BalanceController.calculate_capture_zmp  # yours


capture_picture(Mixture(), at_rest, desired=False)

# %% [markdown]
# ### Exercise 3.11: desired ZMP · 25 minutes
#
# Wishes end where the soles end. From the middle of the feet go towards the wish, and stop a little before the edge:
# on the very edge a sole tips.
#
# **Why:** a command for ground that is not there does nothing, or worse: it tips the foot on which all else rests.
#
# **Write** `BalanceController.calculate_desired_zmp` in
# [`balance.py`](../vla_course/exercises/day3_humanoid_balance/balance.py).
#
# **You will see** every wish (pink) on a thread, and at its end the ZMP that your robot asks for (vermilion): inside,
# always.

# %%
check("3.11")

# %%
class Mixture(CourseController):
    calculate_capture_zmp = BalanceController.calculate_capture_zmp  # yours
    calculate_desired_zmp = BalanceController.calculate_desired_zmp  # yours, too


capture_picture(Mixture(), at_rest)

# %% [markdown]
# ### Exercise 3.12: joint adjustments · 28 minutes
#
# Accelerations of a body are wishes, too, until 28 joints carry them out. And where the ankles have reached their end
# there is one thing left, which you do yourself on a narrow wall: you **bow the way you fall**. The trunk's turn changes
# $L$, and by the formula of 3.5 that moves the ZMP. It is the **hip strategy**, and it is why the robot stands more than
# a point on a stick.
#
# **Why:** this is where thought becomes motion.
#
# **Write** `BalanceController.calculate_joint_adjustments` in
# [`balance.py`](../vla_course/exercises/day3_humanoid_balance/balance.py). Its docstring has the three steps.
#
# **You will see** what you came for.

# %%
check("3.12")

# %%
mine = experiment(BalanceController(), (0.5, 0.34, 0.0), (0.9, -0.34, 0.0))
print(f"The statue {outcome(fallen)}.")
print(f"Your robot {outcome(mine)}.")
side_by_side({"statue": fallen, "yours": mine})

# %% [markdown]
# For browsers without 3-D, the same as photographs:

# %%
filmstrip(mine, np.linspace(0.4, 1.4, 6), title="Your robot, shoved and pulled back")

# %% [markdown]
# ## 7 Push me
#
# Now it is your hand. Forward is up in the small picture; the dashed ring is the limit of 3.7. Every press of the button
# simulates three seconds, with the file `balance.py` as you saved it last.
#
# Some things to try: a push just inside the ring and one just outside. To the side, where the feet reach farther. *And
# pull back*, with the controller off. And this puzzle: with the controller off, a single push even a little beyond the
# ring is survived.
#
# <details><summary>Why a statue is so hard to push over</summary>
#
# It is a block on an edge: to fall it must lift its centre of mass over that edge, and its arms and legs, which turn with
# it, share the impulse. For a block the limit is $\omega d \sqrt{1 + (\rho/c_z)^2}$, with $\rho$ the radius of gyration:
# a little *more* than $\omega d$. What the block cannot do is stop. It rocks for seconds with its soles in the air, and
# cannot lift a cup, take a step or meet a second push in that time. Yours is calm again in less than a second. To stay up
# is not yet to be in balance.
# </details>

# %%
from vla_course.panels.push_panel import PushPanel

panel = PushPanel(controller="student")
panel.run(direction=45, impulse=0.45, controller="student")
panel

# %% [markdown]
# ### Prediction against robot
#
# Your formula of 3.7 against your controller of 3.12: the robot is pushed in seven directions, harder and harder in
# steps of a tenth of the limit, until it falls; the other five are mirrored. This takes about half a minute. **Before it
# ends:** will the dots lie inside the ring, on it, or outside?

# %%
from ipywidgets import IntProgress
from IPython.display import display

bar = IntProgress(description="pushing")
display(bar)


def progressed(done, of):
    bar.value, bar.max = done, of


measured = measure(predicted, BalanceController, progress=progressed)
push_limit_picture(measured, title="Theory and your robot")

# %% [markdown]
# ### Break it
#
# A controller that one has never broken is one that one does not know. Two numbers of `BalanceConfig`, three settings
# each. **Guess before you run:** what does a robot do with $k = 0$? And is one that stays 6 cm clear of every edge safer?

# %%
def with_config(push, **changes):
    return experiment(BalanceController(BalanceConfig(**changes)), (0.5, push, 0.0))


from vla_course.panels.lessons import homecoming

homecoming({f"k = {k:g}": with_config(0.3, dcm_gain=k) for k in (0.0, 1.0, 4.0)})

# %%
homecoming({f"edge_margin {100 * m:g} cm": with_config(0.3, edge_margin=m) for m in (0.004, 0.03, 0.06)})

# %% [markdown]
# With $k = 0$ the ZMP is put right under the DCM: the fall is caught, and the robot stays where it was caught, leaning.
# That is the 1 of $1 + k$ at work. The $k$ brings it home.
#
# The careful robot falls. Who keeps 6 cm away from an edge that is 11 cm off has 5 cm left to push with. A margin is
# paid for in strength.
#
# Here is the panel once more, with both numbers as sliders. Where does it break first?

# %%
PushPanel(controller="student", knobs=("dcm_gain", "edge_margin"))

# %% [markdown]
# ## 8 What you have now
#
# **Three questions.** Answer aloud, then unfold.
#
# <details><summary>1. Your robot stands still on both feet and swings one arm forward, fast. Centre of mass and cart-table
# ZMP hardly change. Why does the measured centre of pressure jump?</summary>
#
# The arm has angular momentum, and the ground has to supply its change: $\dot L_y$ in 3.5. The cart has no arms.
# </details>
#
# <details><summary>2. The DCM is 1 cm outside of the soles, the centre of mass well inside. A colleague says there is time
# to wait and see. What do you say?</summary>
#
# That it is too late for the ankles. $\dot\xi = \omega(\xi - p)$, and $p$ cannot get beyond $\xi$: it runs away, tenfold in
# $\ln 10/\omega \approx 0.6$ s. Bow now, or step.
# </details>
#
# <details><summary>3. ZMP by formula and centre of pressure by the soles differ by 12 cm, and nobody is near. What could it
# be?</summary>
#
# Something else than the ground carries or pushes: a hand on a table, a taut cable, a wall. Or a model that is wrong: a
# load in the hands that the masses do not know of.
# </details>

# %%
progress()

# %% [markdown]
# **The second half of the day** begins where standing ends. When the DCM leaves the support there is one thing left to
# do: put a foot there. Footsteps, a ZMP that is planned ahead, and a robot that walks.
