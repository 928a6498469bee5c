"""Content credentials that a movie asks for: refused before anything is made where nobody can sign
them. steps/signed_movies.py puts them into files.
"""

from __future__ import annotations

from resplice.core.credentials import FIELD
from resplice.errors import DocumentError, Problem
from resplice.ports import Ports
from resplice.steps.pipeline.accept import Accepted


def require(accepted: Accepted, ports: Ports) -> None:
    """Raises DocumentError when the movie, which asks for them, cannot be signed; StorageError."""
    lack = None if accepted.elements_only else ports.credentials_lack()
    if lack:
        raise DocumentError([Problem(FIELD, f"The movie cannot be given credentials: {lack}")])
