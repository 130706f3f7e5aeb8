"""The humanoid: its anatomy and URDF, its joints' one order, its body in the engine and in Pinocchio."""
