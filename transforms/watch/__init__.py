"""Watching: new files below the inputs are taken once each, in batches that an engine can repeat."""

from transforms.watch.follower import Follower
from transforms.watch.journal import Journal

__all__ = ["Follower", "Journal"]
