"""The pages of the library: Library, Title, Scans, and the artwork they show."""
