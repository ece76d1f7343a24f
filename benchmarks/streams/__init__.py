"""Many calls' audio at once: the media server and its callers, each in a process and on a core of its own."""
