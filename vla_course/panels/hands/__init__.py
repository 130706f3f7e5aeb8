"""Pictures and panels of hands: reaches, grasps, errands, and plans that are not safe."""
