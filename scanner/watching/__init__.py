"""Watching folders for changes, without Django: what the slim process beside the workers is made of.

The kernel's inotify is used directly: watchfiles passes over the kernel's word that events were lost (34,538
of 40,000 in a trial, without a sign), does not tell how many folders it watches, and hears each write of a copy.
"""
