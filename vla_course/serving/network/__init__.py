"""A policy over websockets: openpi's protocol, with a guard at the door and a meter on the wall."""
