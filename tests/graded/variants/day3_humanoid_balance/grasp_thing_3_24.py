"""Answers to 3.24 as students write them."""

import math

import numpy as np

from vla_course.course.source.variants import right, wrong
from vla_course.motion.arms.pose import Pose
from vla_course.motion.hands.things import Grasp


@wrong("box-by-its-edges")
def grasp_thing(thing, azimuth, tilt, gripper):
    length, across, height = thing.size
    if thing.shape == "box":
        quarters = round((azimuth - thing.heading) / (np.pi / 2.0))
        if quarters % 2 == 1:
            length, across = across, length
    ahead = np.array([np.cos(azimuth), np.sin(azimuth), 0.0])
    up = np.array([0.0, 0.0, 1.0])
    fingers = np.sin(tilt) * ahead - np.cos(tilt) * up
    closing = np.cross(up, ahead)
    turn = np.stack([fingers, closing, np.cross(fingers, closing)], axis=1)
    reaches = length / 2 if thing.shape == "ball" else (length * np.sin(tilt) + height * np.cos(tilt)) / 2
    b = max(0.0, reaches + gripper.palm_gap - gripper.palm_to_tool)
    place = -b * fingers
    lowest = place[2] - gripper.tool_to_tip * np.cos(tilt) - gripper.half_width * np.sin(tilt)
    place = place + up * max(0.0, gripper.table_gap - height / 2 - lowest)
    opening = min(1.0, (across + 2 * gripper.side_gap) / gripper.widest)
    return Grasp(Pose(place, turn), opening, "precision" if b > 0 else "power")


@wrong("everything-by-faces")
def grasp_thing(thing, azimuth, tilt, gripper):
    length, across, height = thing.size
    if thing.shape != "none":
        quarters = round((azimuth - thing.heading) / (np.pi / 2.0))
        azimuth = thing.heading + quarters * np.pi / 2.0
        if quarters % 2 == 1:
            length, across = across, length
    ahead = np.array([np.cos(azimuth), np.sin(azimuth), 0.0])
    up = np.array([0.0, 0.0, 1.0])
    fingers = np.sin(tilt) * ahead - np.cos(tilt) * up
    closing = np.cross(up, ahead)
    turn = np.stack([fingers, closing, np.cross(fingers, closing)], axis=1)
    reaches = length / 2 if thing.shape == "ball" else (length * np.sin(tilt) + height * np.cos(tilt)) / 2
    b = max(0.0, reaches + gripper.palm_gap - gripper.palm_to_tool)
    place = -b * fingers
    lowest = place[2] - gripper.tool_to_tip * np.cos(tilt) - gripper.half_width * np.sin(tilt)
    place = place + up * max(0.0, gripper.table_gap - height / 2 - lowest)
    opening = min(1.0, (across + 2 * gripper.side_gap) / gripper.widest)
    return Grasp(Pose(place, turn), opening, "precision" if b > 0 else "power")


@wrong("heading-forgotten")
def grasp_thing(thing, azimuth, tilt, gripper):
    length, across, height = thing.size
    if thing.shape == "box":
        quarters = round(azimuth / (np.pi / 2.0))
        azimuth = quarters * np.pi / 2.0
        if quarters % 2 == 1:
            length, across = across, length
    ahead = np.array([np.cos(azimuth), np.sin(azimuth), 0.0])
    up = np.array([0.0, 0.0, 1.0])
    fingers = np.sin(tilt) * ahead - np.cos(tilt) * up
    closing = np.cross(up, ahead)
    turn = np.stack([fingers, closing, np.cross(fingers, closing)], axis=1)
    reaches = length / 2 if thing.shape == "ball" else (length * np.sin(tilt) + height * np.cos(tilt)) / 2
    b = max(0.0, reaches + gripper.palm_gap - gripper.palm_to_tool)
    place = -b * fingers
    lowest = place[2] - gripper.tool_to_tip * np.cos(tilt) - gripper.half_width * np.sin(tilt)
    place = place + up * max(0.0, gripper.table_gap - height / 2 - lowest)
    opening = min(1.0, (across + 2 * gripper.side_gap) / gripper.widest)
    return Grasp(Pose(place, turn), opening, "precision" if b > 0 else "power")


@wrong("tilt-from-level")
def grasp_thing(thing, azimuth, tilt, gripper):
    length, across, height = thing.size
    if thing.shape == "box":
        quarters = round((azimuth - thing.heading) / (np.pi / 2.0))
        azimuth = thing.heading + quarters * np.pi / 2.0
        if quarters % 2 == 1:
            length, across = across, length
    ahead = np.array([np.cos(azimuth), np.sin(azimuth), 0.0])
    up = np.array([0.0, 0.0, 1.0])
    fingers = np.cos(tilt) * ahead - np.sin(tilt) * up
    closing = np.cross(up, ahead)
    turn = np.stack([fingers, closing, np.cross(fingers, closing)], axis=1)
    reaches = length / 2 if thing.shape == "ball" else (length * np.sin(tilt) + height * np.cos(tilt)) / 2
    b = max(0.0, reaches + gripper.palm_gap - gripper.palm_to_tool)
    place = -b * fingers
    lowest = place[2] - gripper.tool_to_tip * np.cos(tilt) - gripper.half_width * np.sin(tilt)
    place = place + up * max(0.0, gripper.table_gap - height / 2 - lowest)
    opening = min(1.0, (across + 2 * gripper.side_gap) / gripper.widest)
    return Grasp(Pose(place, turn), opening, "precision" if b > 0 else "power")


@wrong("hand-from-below")
def grasp_thing(thing, azimuth, tilt, gripper):
    length, across, height = thing.size
    if thing.shape == "box":
        quarters = round((azimuth - thing.heading) / (np.pi / 2.0))
        azimuth = thing.heading + quarters * np.pi / 2.0
        if quarters % 2 == 1:
            length, across = across, length
    ahead = np.array([np.cos(azimuth), np.sin(azimuth), 0.0])
    up = np.array([0.0, 0.0, 1.0])
    fingers = np.sin(tilt) * ahead + np.cos(tilt) * up
    closing = np.cross(up, ahead)
    turn = np.stack([fingers, closing, np.cross(fingers, closing)], axis=1)
    reaches = length / 2 if thing.shape == "ball" else (length * np.sin(tilt) + height * np.cos(tilt)) / 2
    b = max(0.0, reaches + gripper.palm_gap - gripper.palm_to_tool)
    place = -b * fingers
    lowest = place[2] - gripper.tool_to_tip * np.cos(tilt) - gripper.half_width * np.sin(tilt)
    place = place + up * max(0.0, gripper.table_gap - height / 2 - lowest)
    opening = min(1.0, (across + 2 * gripper.side_gap) / gripper.widest)
    return Grasp(Pose(place, turn), opening, "precision" if b > 0 else "power")


@wrong("left-handed")
def grasp_thing(thing, azimuth, tilt, gripper):
    length, across, height = thing.size
    if thing.shape == "box":
        quarters = round((azimuth - thing.heading) / (np.pi / 2.0))
        azimuth = thing.heading + quarters * np.pi / 2.0
        if quarters % 2 == 1:
            length, across = across, length
    ahead = np.array([np.cos(azimuth), np.sin(azimuth), 0.0])
    up = np.array([0.0, 0.0, 1.0])
    fingers = np.sin(tilt) * ahead - np.cos(tilt) * up
    closing = np.cross(up, ahead)
    turn = np.stack([fingers, closing, np.cross(closing, fingers)], axis=1)
    reaches = length / 2 if thing.shape == "ball" else (length * np.sin(tilt) + height * np.cos(tilt)) / 2
    b = max(0.0, reaches + gripper.palm_gap - gripper.palm_to_tool)
    place = -b * fingers
    lowest = place[2] - gripper.tool_to_tip * np.cos(tilt) - gripper.half_width * np.sin(tilt)
    place = place + up * max(0.0, gripper.table_gap - height / 2 - lowest)
    opening = min(1.0, (across + 2 * gripper.side_gap) / gripper.widest)
    return Grasp(Pose(place, turn), opening, "precision" if b > 0 else "power")


@wrong("rows-for-columns")
def grasp_thing(thing, azimuth, tilt, gripper):
    length, across, height = thing.size
    if thing.shape == "box":
        quarters = round((azimuth - thing.heading) / (np.pi / 2.0))
        azimuth = thing.heading + quarters * np.pi / 2.0
        if quarters % 2 == 1:
            length, across = across, length
    ahead = np.array([np.cos(azimuth), np.sin(azimuth), 0.0])
    up = np.array([0.0, 0.0, 1.0])
    fingers = np.sin(tilt) * ahead - np.cos(tilt) * up
    closing = np.cross(up, ahead)
    turn = np.stack([fingers, closing, np.cross(fingers, closing)], axis=0)
    reaches = length / 2 if thing.shape == "ball" else (length * np.sin(tilt) + height * np.cos(tilt)) / 2
    b = max(0.0, reaches + gripper.palm_gap - gripper.palm_to_tool)
    place = -b * fingers
    lowest = place[2] - gripper.tool_to_tip * np.cos(tilt) - gripper.half_width * np.sin(tilt)
    place = place + up * max(0.0, gripper.table_gap - height / 2 - lowest)
    opening = min(1.0, (across + 2 * gripper.side_gap) / gripper.widest)
    return Grasp(Pose(place, turn), opening, "precision" if b > 0 else "power")


@wrong("closes-up-and-down")
def grasp_thing(thing, azimuth, tilt, gripper):
    length, across, height = thing.size
    if thing.shape == "box":
        quarters = round((azimuth - thing.heading) / (np.pi / 2.0))
        azimuth = thing.heading + quarters * np.pi / 2.0
        if quarters % 2 == 1:
            length, across = across, length
    ahead = np.array([np.cos(azimuth), np.sin(azimuth), 0.0])
    up = np.array([0.0, 0.0, 1.0])
    fingers = np.sin(tilt) * ahead - np.cos(tilt) * up
    closing = np.cross(up, ahead)
    turn = np.stack([fingers, np.cross(closing, fingers), closing], axis=1)
    reaches = length / 2 if thing.shape == "ball" else (length * np.sin(tilt) + height * np.cos(tilt)) / 2
    b = max(0.0, reaches + gripper.palm_gap - gripper.palm_to_tool)
    place = -b * fingers
    lowest = place[2] - gripper.tool_to_tip * np.cos(tilt) - gripper.half_width * np.sin(tilt)
    place = place + up * max(0.0, gripper.table_gap - height / 2 - lowest)
    opening = min(1.0, (across + 2 * gripper.side_gap) / gripper.widest)
    return Grasp(Pose(place, turn), opening, "precision" if b > 0 else "power")


@wrong("degrees-for-radians")
def grasp_thing(thing, azimuth, tilt, gripper):
    length, across, height = thing.size
    azimuth, tilt = np.radians(azimuth), np.radians(tilt)
    if thing.shape == "box":
        quarters = round((azimuth - thing.heading) / (np.pi / 2.0))
        azimuth = thing.heading + quarters * np.pi / 2.0
        if quarters % 2 == 1:
            length, across = across, length
    ahead = np.array([np.cos(azimuth), np.sin(azimuth), 0.0])
    up = np.array([0.0, 0.0, 1.0])
    fingers = np.sin(tilt) * ahead - np.cos(tilt) * up
    closing = np.cross(up, ahead)
    turn = np.stack([fingers, closing, np.cross(fingers, closing)], axis=1)
    reaches = length / 2 if thing.shape == "ball" else (length * np.sin(tilt) + height * np.cos(tilt)) / 2
    b = max(0.0, reaches + gripper.palm_gap - gripper.palm_to_tool)
    place = -b * fingers
    lowest = place[2] - gripper.tool_to_tip * np.cos(tilt) - gripper.half_width * np.sin(tilt)
    place = place + up * max(0.0, gripper.table_gap - height / 2 - lowest)
    opening = min(1.0, (across + 2 * gripper.side_gap) / gripper.widest)
    return Grasp(Pose(place, turn), opening, "precision" if b > 0 else "power")


@wrong("palm-in-the-thing")
def grasp_thing(thing, azimuth, tilt, gripper):
    length, across, height = thing.size
    if thing.shape == "box":
        quarters = round((azimuth - thing.heading) / (np.pi / 2.0))
        azimuth = thing.heading + quarters * np.pi / 2.0
        if quarters % 2 == 1:
            length, across = across, length
    ahead = np.array([np.cos(azimuth), np.sin(azimuth), 0.0])
    up = np.array([0.0, 0.0, 1.0])
    fingers = np.sin(tilt) * ahead - np.cos(tilt) * up
    closing = np.cross(up, ahead)
    turn = np.stack([fingers, closing, np.cross(fingers, closing)], axis=1)
    reaches = length / 2 if thing.shape == "ball" else (length * np.sin(tilt) + height * np.cos(tilt)) / 2
    b = max(0.0, reaches + gripper.palm_gap - gripper.palm_to_tool)
    place = np.zeros(3)
    lowest = place[2] - gripper.tool_to_tip * np.cos(tilt) - gripper.half_width * np.sin(tilt)
    place = place + up * max(0.0, gripper.table_gap - height / 2 - lowest)
    opening = min(1.0, (across + 2 * gripper.side_gap) / gripper.widest)
    return Grasp(Pose(place, turn), opening, "precision" if b > 0 else "power")


@wrong("fingers-in-the-table")
def grasp_thing(thing, azimuth, tilt, gripper):
    length, across, height = thing.size
    if thing.shape == "box":
        quarters = round((azimuth - thing.heading) / (np.pi / 2.0))
        azimuth = thing.heading + quarters * np.pi / 2.0
        if quarters % 2 == 1:
            length, across = across, length
    ahead = np.array([np.cos(azimuth), np.sin(azimuth), 0.0])
    up = np.array([0.0, 0.0, 1.0])
    fingers = np.sin(tilt) * ahead - np.cos(tilt) * up
    closing = np.cross(up, ahead)
    turn = np.stack([fingers, closing, np.cross(fingers, closing)], axis=1)
    reaches = length / 2 if thing.shape == "ball" else (length * np.sin(tilt) + height * np.cos(tilt)) / 2
    b = max(0.0, reaches + gripper.palm_gap - gripper.palm_to_tool)
    place = -b * fingers
    lowest = place[2] - gripper.tool_to_tip * np.cos(tilt) - gripper.half_width * np.sin(tilt)
    opening = min(1.0, (across + 2 * gripper.side_gap) / gripper.widest)
    return Grasp(Pose(place, turn), opening, "precision" if b > 0 else "power")


@wrong("beyond-the-thing")
def grasp_thing(thing, azimuth, tilt, gripper):
    length, across, height = thing.size
    if thing.shape == "box":
        quarters = round((azimuth - thing.heading) / (np.pi / 2.0))
        azimuth = thing.heading + quarters * np.pi / 2.0
        if quarters % 2 == 1:
            length, across = across, length
    ahead = np.array([np.cos(azimuth), np.sin(azimuth), 0.0])
    up = np.array([0.0, 0.0, 1.0])
    fingers = np.sin(tilt) * ahead - np.cos(tilt) * up
    closing = np.cross(up, ahead)
    turn = np.stack([fingers, closing, np.cross(fingers, closing)], axis=1)
    reaches = length / 2 if thing.shape == "ball" else (length * np.sin(tilt) + height * np.cos(tilt)) / 2
    b = max(0.0, reaches + gripper.palm_gap - gripper.palm_to_tool)
    place = b * fingers
    lowest = place[2] - gripper.tool_to_tip * np.cos(tilt) - gripper.half_width * np.sin(tilt)
    place = place + up * max(0.0, gripper.table_gap - height / 2 - lowest)
    opening = min(1.0, (across + 2 * gripper.side_gap) / gripper.widest)
    return Grasp(Pose(place, turn), opening, "precision" if b > 0 else "power")


@wrong("world-position")
def grasp_thing(thing, azimuth, tilt, gripper):
    length, across, height = thing.size
    if thing.shape == "box":
        quarters = round((azimuth - thing.heading) / (np.pi / 2.0))
        azimuth = thing.heading + quarters * np.pi / 2.0
        if quarters % 2 == 1:
            length, across = across, length
    ahead = np.array([np.cos(azimuth), np.sin(azimuth), 0.0])
    up = np.array([0.0, 0.0, 1.0])
    fingers = np.sin(tilt) * ahead - np.cos(tilt) * up
    closing = np.cross(up, ahead)
    turn = np.stack([fingers, closing, np.cross(fingers, closing)], axis=1)
    reaches = length / 2 if thing.shape == "ball" else (length * np.sin(tilt) + height * np.cos(tilt)) / 2
    b = max(0.0, reaches + gripper.palm_gap - gripper.palm_to_tool)
    place = -b * fingers
    lowest = place[2] - gripper.tool_to_tip * np.cos(tilt) - gripper.half_width * np.sin(tilt)
    place = place + up * max(0.0, gripper.table_gap - height / 2 - lowest)
    opening = min(1.0, (across + 2 * gripper.side_gap) / gripper.widest)
    return Grasp(Pose(thing.position + place, turn), opening, "precision" if b > 0 else "power")


@wrong("width-for-depth")
def grasp_thing(thing, azimuth, tilt, gripper):
    length, across, height = thing.size
    if thing.shape == "box":
        quarters = round((azimuth - thing.heading) / (np.pi / 2.0))
        azimuth = thing.heading + quarters * np.pi / 2.0
    ahead = np.array([np.cos(azimuth), np.sin(azimuth), 0.0])
    up = np.array([0.0, 0.0, 1.0])
    fingers = np.sin(tilt) * ahead - np.cos(tilt) * up
    closing = np.cross(up, ahead)
    turn = np.stack([fingers, closing, np.cross(fingers, closing)], axis=1)
    reaches = length / 2 if thing.shape == "ball" else (length * np.sin(tilt) + height * np.cos(tilt)) / 2
    b = max(0.0, reaches + gripper.palm_gap - gripper.palm_to_tool)
    place = -b * fingers
    lowest = place[2] - gripper.tool_to_tip * np.cos(tilt) - gripper.half_width * np.sin(tilt)
    place = place + up * max(0.0, gripper.table_gap - height / 2 - lowest)
    opening = min(1.0, (across + 2 * gripper.side_gap) / gripper.widest)
    return Grasp(Pose(place, turn), opening, "precision" if b > 0 else "power")


@wrong("ball-taken-for-a-can")
def grasp_thing(thing, azimuth, tilt, gripper):
    length, across, height = thing.size
    if thing.shape == "box":
        quarters = round((azimuth - thing.heading) / (np.pi / 2.0))
        azimuth = thing.heading + quarters * np.pi / 2.0
        if quarters % 2 == 1:
            length, across = across, length
    ahead = np.array([np.cos(azimuth), np.sin(azimuth), 0.0])
    up = np.array([0.0, 0.0, 1.0])
    fingers = np.sin(tilt) * ahead - np.cos(tilt) * up
    closing = np.cross(up, ahead)
    turn = np.stack([fingers, closing, np.cross(fingers, closing)], axis=1)
    reaches = (length * np.sin(tilt) + height * np.cos(tilt)) / 2
    b = max(0.0, reaches + gripper.palm_gap - gripper.palm_to_tool)
    place = -b * fingers
    lowest = place[2] - gripper.tool_to_tip * np.cos(tilt) - gripper.half_width * np.sin(tilt)
    place = place + up * max(0.0, gripper.table_gap - height / 2 - lowest)
    opening = min(1.0, (across + 2 * gripper.side_gap) / gripper.widest)
    return Grasp(Pose(place, turn), opening, "precision" if b > 0 else "power")


@wrong("one-gap-only")
def grasp_thing(thing, azimuth, tilt, gripper):
    length, across, height = thing.size
    if thing.shape == "box":
        quarters = round((azimuth - thing.heading) / (np.pi / 2.0))
        azimuth = thing.heading + quarters * np.pi / 2.0
        if quarters % 2 == 1:
            length, across = across, length
    ahead = np.array([np.cos(azimuth), np.sin(azimuth), 0.0])
    up = np.array([0.0, 0.0, 1.0])
    fingers = np.sin(tilt) * ahead - np.cos(tilt) * up
    closing = np.cross(up, ahead)
    turn = np.stack([fingers, closing, np.cross(fingers, closing)], axis=1)
    reaches = length / 2 if thing.shape == "ball" else (length * np.sin(tilt) + height * np.cos(tilt)) / 2
    b = max(0.0, reaches + gripper.palm_gap - gripper.palm_to_tool)
    place = -b * fingers
    lowest = place[2] - gripper.tool_to_tip * np.cos(tilt) - gripper.half_width * np.sin(tilt)
    place = place + up * max(0.0, gripper.table_gap - height / 2 - lowest)
    opening = min(1.0, (across + gripper.side_gap) / gripper.widest)
    return Grasp(Pose(place, turn), opening, "precision" if b > 0 else "power")


@wrong("wider-than-it-goes")
def grasp_thing(thing, azimuth, tilt, gripper):
    length, across, height = thing.size
    if thing.shape == "box":
        quarters = round((azimuth - thing.heading) / (np.pi / 2.0))
        azimuth = thing.heading + quarters * np.pi / 2.0
        if quarters % 2 == 1:
            length, across = across, length
    ahead = np.array([np.cos(azimuth), np.sin(azimuth), 0.0])
    up = np.array([0.0, 0.0, 1.0])
    fingers = np.sin(tilt) * ahead - np.cos(tilt) * up
    closing = np.cross(up, ahead)
    turn = np.stack([fingers, closing, np.cross(fingers, closing)], axis=1)
    reaches = length / 2 if thing.shape == "ball" else (length * np.sin(tilt) + height * np.cos(tilt)) / 2
    b = max(0.0, reaches + gripper.palm_gap - gripper.palm_to_tool)
    place = -b * fingers
    lowest = place[2] - gripper.tool_to_tip * np.cos(tilt) - gripper.half_width * np.sin(tilt)
    place = place + up * max(0.0, gripper.table_gap - height / 2 - lowest)
    opening = (across + 2 * gripper.side_gap) / gripper.widest
    return Grasp(Pose(place, turn), opening, "precision" if b > 0 else "power")


@wrong("opening-in-metres")
def grasp_thing(thing, azimuth, tilt, gripper):
    length, across, height = thing.size
    if thing.shape == "box":
        quarters = round((azimuth - thing.heading) / (np.pi / 2.0))
        azimuth = thing.heading + quarters * np.pi / 2.0
        if quarters % 2 == 1:
            length, across = across, length
    ahead = np.array([np.cos(azimuth), np.sin(azimuth), 0.0])
    up = np.array([0.0, 0.0, 1.0])
    fingers = np.sin(tilt) * ahead - np.cos(tilt) * up
    closing = np.cross(up, ahead)
    turn = np.stack([fingers, closing, np.cross(fingers, closing)], axis=1)
    reaches = length / 2 if thing.shape == "ball" else (length * np.sin(tilt) + height * np.cos(tilt)) / 2
    b = max(0.0, reaches + gripper.palm_gap - gripper.palm_to_tool)
    place = -b * fingers
    lowest = place[2] - gripper.tool_to_tip * np.cos(tilt) - gripper.half_width * np.sin(tilt)
    place = place + up * max(0.0, gripper.table_gap - height / 2 - lowest)
    opening = min(1.0, across + 2 * gripper.side_gap)
    return Grasp(Pose(place, turn), opening, "precision" if b > 0 else "power")


@wrong("grip-swapped")
def grasp_thing(thing, azimuth, tilt, gripper):
    length, across, height = thing.size
    if thing.shape == "box":
        quarters = round((azimuth - thing.heading) / (np.pi / 2.0))
        azimuth = thing.heading + quarters * np.pi / 2.0
        if quarters % 2 == 1:
            length, across = across, length
    ahead = np.array([np.cos(azimuth), np.sin(azimuth), 0.0])
    up = np.array([0.0, 0.0, 1.0])
    fingers = np.sin(tilt) * ahead - np.cos(tilt) * up
    closing = np.cross(up, ahead)
    turn = np.stack([fingers, closing, np.cross(fingers, closing)], axis=1)
    reaches = length / 2 if thing.shape == "ball" else (length * np.sin(tilt) + height * np.cos(tilt)) / 2
    b = max(0.0, reaches + gripper.palm_gap - gripper.palm_to_tool)
    place = -b * fingers
    lowest = place[2] - gripper.tool_to_tip * np.cos(tilt) - gripper.half_width * np.sin(tilt)
    place = place + up * max(0.0, gripper.table_gap - height / 2 - lowest)
    opening = min(1.0, (across + 2 * gripper.side_gap) / gripper.widest)
    return Grasp(Pose(place, turn), opening, "power" if b > 0 else "precision")


@right("by-cross-products")
def grasp_thing(thing, azimuth, tilt, gripper):
    length, across, height = thing.size
    if thing.shape == "box":
        quarters = round((azimuth - thing.heading) / (np.pi / 2.0))
        azimuth = thing.heading + quarters * np.pi / 2.0
        if quarters % 2 == 1:
            length, across = across, length
    ahead = np.array([np.cos(azimuth), np.sin(azimuth), 0.0])
    up = np.array([0.0, 0.0, 1.0])
    fingers = np.sin(tilt) * ahead - np.cos(tilt) * up
    closing = np.cross(up, ahead)
    turn = np.stack([fingers, closing, np.cross(fingers, closing)], axis=1)
    reaches = length / 2 if thing.shape == "ball" else (length * np.sin(tilt) + height * np.cos(tilt)) / 2
    b = max(0.0, reaches + gripper.palm_gap - gripper.palm_to_tool)
    place = -b * fingers
    lowest = place[2] - gripper.tool_to_tip * np.cos(tilt) - gripper.half_width * np.sin(tilt)
    place = place + up * max(0.0, gripper.table_gap - height / 2 - lowest)
    opening = min(1.0, (across + 2 * gripper.side_gap) / gripper.widest)
    return Grasp(Pose(place, turn), opening, "precision" if b > 0 else "power")


@right("by-two-turns")
def grasp_thing(thing, azimuth, tilt, gripper):
    def about_z(angle):
        return np.array(
            [[math.cos(angle), -math.sin(angle), 0], [math.sin(angle), math.cos(angle), 0], [0, 0, 1]]
        )

    size = dict(zip("xyz", thing.size))
    along, across = size["x"], size["y"]
    if thing.shape == "box":
        faces = [(math.cos(azimuth - thing.heading - k * math.pi / 2), k) for k in range(4)]
        k = max(faces)[1]
        azimuth = thing.heading + k * math.pi / 2
        if k in (1, 3):
            along, across = size["y"], size["x"]
    c, s = math.cos(tilt), math.sin(tilt)
    turn = about_z(azimuth) @ np.array([[s, 0, c], [0, 1, 0], [-c, 0, s]])
    half = size["x"] / 2 if thing.shape == "ball" else along / 2 * s + size["z"] / 2 * c
    short = half + gripper.palm_gap - gripper.palm_to_tool
    grip = "precision"
    if short <= 0:
        short, grip = 0.0, "power"
    x, y, z = -short * turn[:, 0]
    floor = -size["z"] / 2 + gripper.table_gap + gripper.tool_to_tip * c + gripper.half_width * s
    gap = across + gripper.side_gap + gripper.side_gap
    return Grasp(
        Pose(np.array([x, y, max(z, floor)]), turn), float(np.clip(gap / gripper.widest, 0, 1)), grip
    )
