"""What all pages share: lists and their addresses, live parts, what each person prefers."""
