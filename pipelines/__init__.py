"""Graphs, options and commands."""
