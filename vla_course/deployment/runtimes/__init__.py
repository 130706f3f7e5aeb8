"""The same model in other runtimes and number formats, and what each costs and changes."""
