"""khabar's stages: one folder each, plain functions on plain records, with the PTransform that wires them beside."""

__version__ = "0.1.0"
