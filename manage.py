#!/usr/bin/env python3
"""Django's command line, with the environment of mediasync prepared first."""

from mediasync.cli import main

if __name__ == "__main__":
    main()
