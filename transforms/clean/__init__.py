"""Cleaning: from a page as it was crawled to the article in it."""

from transforms.clean.article import clean_article, clean_articles, clean_page

__all__ = ["clean_article", "clean_articles", "clean_page"]
