"""The ground: seen by depth cameras, kept as a map, and looked up for soles."""
