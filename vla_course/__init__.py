"""A five-day workbook on vision-language-action systems for humanoid robots."""

__version__ = "0.1.0"
