"""What is done for each kind of job of the library; importing this registers them all."""

from scanner.handlers import artwork, describe, many, match, walk, write

__all__ = ["artwork", "describe", "many", "match", "walk", "write"]
