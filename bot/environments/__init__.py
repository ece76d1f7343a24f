"""The two Python environments the product runs in, and how they are built: `python3 -m bot.environments`.

Runs before anything is installed, on whatever Python the machine calls `python3`: only the standard library of
Python 3.8, and nothing of the platform.
"""
