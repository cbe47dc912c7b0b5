"""The Settings pages: one section a page, each saved on its own."""
