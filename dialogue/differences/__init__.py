"""What differs between two scripts, as somebody must see who approves one: `voicebot script diff`.

`facts` takes a script apart into single facts, `changes` compares those of two scripts, `wording` shows a changed
sentence word by word.
"""
