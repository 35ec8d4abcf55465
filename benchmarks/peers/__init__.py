"""Youju and its peers behind the same few calls, each in a module of its own.

What a module has to offer, ``contract.py`` says. ``python -m peers NAME MODEL FOLDER`` is the
process that ``compare.py`` talks to and looks at from outside. Each runs in its own environment,
so nothing here may import what is not in the standard library but the module of that system.
"""
