"""The library: walk, names, matching, metadata and the files beside the media."""
