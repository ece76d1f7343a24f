"""Rasa made silent: it prints every debug line otherwise, customer data included. Call before importing Rasa.

And made to start sooner: TensorFlow looks for jax, which nothing here uses, and importing it takes 0.7 s.
"""

from __future__ import annotations

import logging
import os
import sys
import warnings
from typing import Any

ENVIRONMENT = {
    "TF_CPP_MIN_LOG_LEVEL": "3",
    "SQLALCHEMY_SILENCE_UBER_WARNING": "1",
    "RASA_TELEMETRY_ENABLED": "false",
    "CUDA_VISIBLE_DEVICES": "-1",  # rules need no GPU, and TensorFlow would take its memory
}


def hush() -> None:
    """No library logs or warns from here on; only what is printed on purpose is printed."""
    for name, value in ENVIRONMENT.items():
        os.environ.setdefault(name, value)
    warnings.showwarning = _no_warning  # a filter would be replaced by the libraries' own
    logging.disable(logging.CRITICAL)
    sys.modules.setdefault("jax", None)  # type: ignore[arg-type]  # None: as if it were not installed
    import structlog

    structlog.configure(processors=[_drop], cache_logger_on_first_use=False)


def _no_warning(*_arguments: Any, **_named: Any) -> None:
    pass


def _drop(_logger: Any, _method: str, _event: Any) -> Any:
    import structlog

    raise structlog.DropEvent
