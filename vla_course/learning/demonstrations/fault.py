"""What is wrong with demonstrations, in one line that names file and field."""


class DemonstrationFault(ValueError):
    """Demonstrations that cannot be read or collected; the message names the file, the field, and what was expected."""
