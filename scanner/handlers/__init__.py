"""What is done for each kind of job of the library; importing this registers them all."""

from scanner.handlers import walk

__all__ = ["walk"]
