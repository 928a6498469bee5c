"""One session with an assistant, over standard input and output, on which nothing else is said."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

from mcp.server.mcpserver import MCPServer
from mcp_types import ToolAnnotations

from resplice import __version__
from resplice.client import Client
from resplice.core.components import ComponentFolder
from resplice.mcp.reference import COMPONENTS, Reference
from resplice.mcp.tools import Tools

INSTRUCTIONS = """Resplice renders movies that are described as JSON, as JSON2Video v2 has it.
Write a movie, check it with validate_movie, then render_movie. After an edit, render it again: only
what has changed is rendered anew. resplice://schema/movie says what a movie may say, and
resplice://components which ready-made animations there are."""
LOOKS = ToolAnnotations(read_only_hint=True)
MAKES = ToolAnnotations(read_only_hint=False, destructive_hint=False, idempotent_hint=True)


def server(
    client: Callable[[], Client],
    components: Callable[[], Sequence[ComponentFolder]],
    save_to: Path | None = None,
) -> MCPServer[None]:
    """client: gives the one to call the API with. save_to: a folder that gets movies' files."""
    made: MCPServer[None] = MCPServer(
        "resplice",
        title="Resplice",
        instructions=INSTRUCTIONS,
        version=__version__,
        log_level="WARNING",
    )
    tools, reference = Tools(client, save_to), Reference(components)
    looking = (
        *(tools.validate_movie, tools.plan_movie, tools.movie_status),
        *(tools.list_templates, tools.get_template),
    )
    for looks in looking:
        made.add_tool(looks, annotations=LOOKS)
    for makes in (tools.prepare_movie, tools.render_movie, tools.render_template):
        made.add_tool(makes, annotations=MAKES)
    kind = "application/json"
    made.resource("resplice://schema/movie", name="movie schema", mime_type=kind)(reference.schema)
    made.resource(COMPONENTS, name="components", mime_type=kind)(reference.catalog)
    made.resource(f"{COMPONENTS}/{{pack}}/{{id}}", name="component", mime_type=kind)(
        reference.component
    )
    return made
