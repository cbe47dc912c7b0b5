"""The sites that describe media: each module turns one site's answers into our dataclasses."""
