"""A document before it has types: read, refused, expanded; paths and problems of it."""
