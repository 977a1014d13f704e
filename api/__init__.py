"""Pilot Cities: what a UN project learned in its pilot cities, as one cited source.

Read `app.py` first: it shows how the parts are put together.
"""
