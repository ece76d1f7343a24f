"""FreeSWITCH's event socket: a parser without I/O and an asyncio client around it."""
