"""The `voicebot` command, one file per group of subcommands."""
