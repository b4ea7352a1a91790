"""Quiet logs: khabar's own lines from INFO, everybody else's from ERROR."""

from __future__ import annotations

import logging
import sys
import warnings

# Libraries that speak at WARNING of things that a user of khabar can do nothing about.
_NOISY = ("apache_beam", "root", "fsspec", "s3fs", "botocore", "urllib3", "asyncio", "py.warnings")


def configure(verbose: bool = False) -> None:
    """Sends logs to standard error. Must run before Beam is imported: its import logs, which makes a later basicConfig a no-op."""
    logging.basicConfig(stream=sys.stderr, format="%(levelname)s %(name)s: %(message)s", level=logging.INFO if verbose else logging.ERROR)
    logging.getLogger("khabar").setLevel(logging.INFO)
    if not verbose:
        for name in _NOISY:
            logging.getLogger(name).setLevel(logging.ERROR)
        logging.getLogger("gcsfs").setLevel(logging.CRITICAL)  # it logs, with a traceback, the very error that it raises
        warnings.simplefilter("ignore")
