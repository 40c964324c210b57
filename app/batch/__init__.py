"""A table of products over a document: every row is a run of its own. Import from the modules."""
