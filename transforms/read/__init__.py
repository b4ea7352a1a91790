"""Reading: files of any store, format, compression and encoding become raw documents. Nothing raises; what cannot be read becomes a reject."""

from transforms.read.documents import MAX_DOCUMENT_BYTES, SPLIT_BYTES, Part, read_documents, split_file
from transforms.read.listing import InputFile, any_input, list_inputs

__all__ = ["MAX_DOCUMENT_BYTES", "SPLIT_BYTES", "InputFile", "Part", "any_input", "list_inputs", "read_documents", "split_file"]
