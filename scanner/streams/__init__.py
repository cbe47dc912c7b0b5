"""What is inside video files: read by MediaInfo in a process of its own, told as plain data (pure; no Django)."""
