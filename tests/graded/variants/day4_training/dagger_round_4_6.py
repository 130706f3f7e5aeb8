"""Answers to 4.6 as students write them."""

import random

import numpy as np

from vla_course.course.source.variants import right, wrong


@wrong("replaced")
def dagger_round(data, reset, step, policy, expert, beta, episodes, rng):
    if not 0 <= beta <= 1 or episodes < 1:
        raise ValueError("beta or episodes")
    gathered = []
    for _ in range(episodes):
        observation, over = reset(), False
        while not over:
            label = expert(observation)
            gathered.append((observation, label))
            action = label if rng.random() < beta else policy(observation)
            observation, over = step(action)
    return gathered


@wrong("data-changed")
def dagger_round(data, reset, step, policy, expert, beta, episodes, rng):
    if not 0 <= beta <= 1 or episodes < 1:
        raise ValueError("beta or episodes")
    for _ in range(episodes):
        observation, over = reset(), False
        while not over:
            label = expert(observation)
            data.append((observation, label))
            action = label if rng.random() < beta else policy(observation)
            observation, over = step(action)
    return list(data)


@wrong("new-ones-first")
def dagger_round(data, reset, step, policy, expert, beta, episodes, rng):
    if not 0 <= beta <= 1 or episodes < 1:
        raise ValueError("beta or episodes")
    gathered = []
    for _ in range(episodes):
        observation, over = reset(), False
        while not over:
            label = expert(observation)
            gathered.append((observation, label))
            action = label if rng.random() < beta else policy(observation)
            observation, over = step(action)
    return gathered + list(data)


@wrong("what-was-done")
def dagger_round(data, reset, step, policy, expert, beta, episodes, rng):
    if not 0 <= beta <= 1 or episodes < 1:
        raise ValueError("beta or episodes")
    gathered = list(data)
    for _ in range(episodes):
        observation, over = reset(), False
        while not over:
            label = expert(observation)
            action = label if rng.random() < beta else policy(observation)
            gathered.append((observation, action))
            observation, over = step(action)
    return gathered


@wrong("the-policys-own")
def dagger_round(data, reset, step, policy, expert, beta, episodes, rng):
    if not 0 <= beta <= 1 or episodes < 1:
        raise ValueError("beta or episodes")
    gathered = list(data)
    for _ in range(episodes):
        observation, over = reset(), False
        while not over:
            label = policy(observation)
            gathered.append((observation, label))
            action = expert(observation) if rng.random() < beta else label
            observation, over = step(action)
    return gathered


@wrong("only-where-the-policy-acted")
def dagger_round(data, reset, step, policy, expert, beta, episodes, rng):
    if not 0 <= beta <= 1 or episodes < 1:
        raise ValueError("beta or episodes")
    gathered = list(data)
    for _ in range(episodes):
        observation, over = reset(), False
        while not over:
            if rng.random() < beta:
                action = expert(observation)
            else:
                gathered.append((observation, expert(observation)))
                action = policy(observation)
            observation, over = step(action)
    return gathered


@wrong("only-where-the-expert-acted")
def dagger_round(data, reset, step, policy, expert, beta, episodes, rng):
    if not 0 <= beta <= 1 or episodes < 1:
        raise ValueError("beta or episodes")
    gathered = list(data)
    for _ in range(episodes):
        observation, over = reset(), False
        while not over:
            if rng.random() < beta:
                action = expert(observation)
                gathered.append((observation, action))
            else:
                action = policy(observation)
            observation, over = step(action)
    return gathered


@wrong("asked-too-late")
def dagger_round(data, reset, step, policy, expert, beta, episodes, rng):
    if not 0 <= beta <= 1 or episodes < 1:
        raise ValueError("beta or episodes")
    gathered = list(data)
    for _ in range(episodes):
        observation, over = reset(), False
        while not over:
            action = expert(observation) if rng.random() < beta else policy(observation)
            seen = observation
            observation, over = step(action)
            gathered.append((seen, expert(seen)))
    return gathered


@wrong("observed-too-late")
def dagger_round(data, reset, step, policy, expert, beta, episodes, rng):
    if not 0 <= beta <= 1 or episodes < 1:
        raise ValueError("beta or episodes")
    gathered = list(data)
    for _ in range(episodes):
        observation, over = reset(), False
        while not over:
            label = expert(observation)
            action = label if rng.random() < beta else policy(observation)
            observation, over = step(action)
            gathered.append((observation, label))
    return gathered


@wrong("the-last-state-too")
def dagger_round(data, reset, step, policy, expert, beta, episodes, rng):
    if not 0 <= beta <= 1 or episodes < 1:
        raise ValueError("beta or episodes")
    gathered = list(data)
    for _ in range(episodes):
        observation, over = reset(), False
        while not over:
            label = expert(observation)
            gathered.append((observation, label))
            action = label if rng.random() < beta else policy(observation)
            observation, over = step(action)
            if over:
                gathered.append((observation, expert(observation)))
    return gathered


@wrong("teacher-forced")
def dagger_round(data, reset, step, policy, expert, beta, episodes, rng):
    if not 0 <= beta <= 1 or episodes < 1:
        raise ValueError("beta or episodes")
    gathered = list(data)
    for _ in range(episodes):
        observation, over = reset(), False
        while not over:
            label = expert(observation)
            gathered.append((observation, label))
            observation, over = step(label)
    return gathered


@wrong("beta-ignored")
def dagger_round(data, reset, step, policy, expert, beta, episodes, rng):
    if not 0 <= beta <= 1 or episodes < 1:
        raise ValueError("beta or episodes")
    gathered = list(data)
    for _ in range(episodes):
        observation, over = reset(), False
        while not over:
            label = expert(observation)
            gathered.append((observation, label))
            observation, over = step(policy(observation))
    return gathered


@wrong("beta-inverted")
def dagger_round(data, reset, step, policy, expert, beta, episodes, rng):
    if not 0 <= beta <= 1 or episodes < 1:
        raise ValueError("beta or episodes")
    gathered = list(data)
    for _ in range(episodes):
        observation, over = reset(), False
        while not over:
            label = expert(observation)
            gathered.append((observation, label))
            action = policy(observation) if rng.random() < beta else label
            observation, over = step(action)
    return gathered


@wrong("once-an-episode")
def dagger_round(data, reset, step, policy, expert, beta, episodes, rng):
    if not 0 <= beta <= 1 or episodes < 1:
        raise ValueError("beta or episodes")
    gathered = list(data)
    for _ in range(episodes):
        observation, over = reset(), False
        guided = rng.random() < beta
        while not over:
            label = expert(observation)
            gathered.append((observation, label))
            action = label if guided else policy(observation)
            observation, over = step(action)
    return gathered


@wrong("blended")
def dagger_round(data, reset, step, policy, expert, beta, episodes, rng):
    if not 0 <= beta <= 1 or episodes < 1:
        raise ValueError("beta or episodes")
    gathered = list(data)
    for _ in range(episodes):
        observation, over = reset(), False
        while not over:
            label = expert(observation)
            gathered.append((observation, label))
            # pi = beta expert + (1 - beta) policy
            action = beta * np.asarray(label) + (1 - beta) * np.asarray(policy(observation))
            observation, over = step(action)
    return gathered


@wrong("one-episode-only")
def dagger_round(data, reset, step, policy, expert, beta, episodes, rng):
    if not 0 <= beta <= 1 or episodes < 1:
        raise ValueError("beta or episodes")
    gathered = list(data)
    for _ in range(1):
        observation, over = reset(), False
        while not over:
            label = expert(observation)
            gathered.append((observation, label))
            action = label if rng.random() < beta else policy(observation)
            observation, over = step(action)
    return gathered


@wrong("chance-of-its-own")
def dagger_round(data, reset, step, policy, expert, beta, episodes, rng):
    if not 0 <= beta <= 1 or episodes < 1:
        raise ValueError("beta or episodes")
    gathered = list(data)
    for _ in range(episodes):
        observation, over = reset(), False
        while not over:
            label = expert(observation)
            gathered.append((observation, label))
            action = label if random.random() < beta else policy(observation)
            observation, over = step(action)
    return gathered


@wrong("anything-accepted")
def dagger_round(data, reset, step, policy, expert, beta, episodes, rng):
    gathered = list(data)
    for _ in range(episodes):
        observation, over = reset(), False
        while not over:
            label = expert(observation)
            gathered.append((observation, label))
            action = label if rng.random() < beta else policy(observation)
            observation, over = step(action)
    return gathered


@wrong("asked-twice")
def dagger_round(data, reset, step, policy, expert, beta, episodes, rng):
    if not 0.0 <= beta <= 1.0 or episodes < 1:
        raise ValueError("beta or episodes")
    gathered = list(data)
    for _ in range(episodes):
        observation, over = reset(), False
        while not over:
            gathered.append((observation, expert(observation)))
            acting = expert if rng.random() < beta else policy
            observation, over = step(acting(observation))
    return gathered


@right("expert-by-binomial")
def dagger_round(data, reset, step, policy, expert, beta, episodes, rng):
    if not 0 <= beta <= 1 or episodes < 1:
        raise ValueError("beta or episodes")
    new = []
    for _ in range(episodes):
        seen = reset()
        while True:
            wanted = expert(seen)
            guided = bool(rng.binomial(1, beta))
            new.append((seen, wanted))
            seen, over = step(wanted if guided else policy(seen))
            if over:
                break
    return [*data, *new]


@right("recursive")
def dagger_round(data, reset, step, policy, expert, beta, episodes, rng):
    if not 0 <= beta <= 1 or episodes < 1:
        raise ValueError("beta or episodes")

    def episode(seen, over):
        if over:
            return []
        both = policy(seen), expert(seen)
        mine = int(rng.choice(2, p=[1.0 - beta, beta]))
        return [(seen, both[1]), *episode(*step(both[mine]))]

    return sum((episode(reset(), False) for _ in range(episodes)), list(data))
