"""Submissions taken in: whatever platforms and people hand over becomes one record a student."""
