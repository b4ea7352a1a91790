"""Folding copies of one article into one."""

from transforms.deduplicate.articles import METHODS, Method, deduplicate_articles
from transforms.deduplicate.candidates import rank
from transforms.deduplicate.sketch import Sketch, sketch

__all__ = ["METHODS", "Method", "Sketch", "deduplicate_articles", "rank", "sketch"]
