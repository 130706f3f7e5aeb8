"""The world the course lives in: physics client, humanoid, scene, terrain, cameras and Pinocchio model.

Import the module you need (`from vla_course.simulation.world.world import World`); nothing is loaded here.
"""
