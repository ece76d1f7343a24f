"""The switch: control over ESL, the media websocket, playout, and a simulated switch to try them on."""
