"""Labelled data before it is learnt from: reading foreign formats, checking, counting, import and export."""
