"""A link's queue of frames, listened to as one unbroken sound."""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import AsyncIterator, Callable

from speech.audio import Frame


async def gapless(queue: deque[Frame], news: asyncio.Event, over: Callable[[], bool]) -> AsyncIterator[Frame]:
    """The frames as they come, until the link is `over` and the queue empty; silence stands for what is not there.

    `news` is set by whoever adds a frame, or ends the link.
    """
    end = 0
    while True:
        while queue:
            frame = queue.popleft()
            if frame.position > end:
                yield Frame(frame.format, bytes(frame.format.bytes_for(frame.position - end)), end)
            end = frame.end
            yield frame
        if over():
            return
        news.clear()
        await news.wait()
