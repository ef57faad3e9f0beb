"""`fnlloyd model`: models for the embedded engine."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import cyclopts
from cyclopts import Parameter

from fnlloyd.cli import flags
from fnlloyd.cli.terminal import err, fetching, out, table

if TYPE_CHECKING:
    from fnlloyd.assets.catalogue import Asset

app = cyclopts.App(name="model", help_epilogue="")
MB = 1_000_000


@app.command(
    name="list",
    help_epilogue="""
**Examples**

- `fnlloyd model list`
""",
)
def list_models(*, home: flags.Home = None, config: flags.Config = None) -> None:
    """List the models known by name, and what else is in the model folder."""
    from fnlloyd.assets import Assets
    from fnlloyd.assets.catalogue import DEFAULT_MODEL, MODELS
    from fnlloyd.cli.serve import open_settings

    settings = open_settings({"home": home, "config": config}).settings
    assets = Assets(settings.home)
    rows = table("model", "what it is", "licence", "size", "here")
    for name, asset in MODELS.items():
        about = f"{asset.about} (default)" if name == DEFAULT_MODEL else asset.about
        rows.add_row(name, about, asset.licence, size_of(asset), "yes" if assets.have_model(name) else "no")
    known = {place for asset in MODELS.values() for place in assets.place(asset)}
    for file in sorted(settings.models.glob("*/*.gguf")):
        if file not in known:
            rows.add_row(file.parent.name, str(file), "see its page", f"{file.stat().st_size // MB} MB", "yes")
    out.print(rows)
    err.note("any other: fnlloyd model pull hf:OWNER/REPO/FILE.gguf, or --engine llamacpp:/path/to/file.gguf")


@app.command(
    help_epilogue="""
**Examples**

- `fnlloyd model pull qwen2.5-1.5b`
- `fnlloyd model pull hf:Qwen/Qwen2.5-1.5B-Instruct-GGUF/qwen2.5-1.5b-instruct-q5_k_m.gguf`
"""
)
def pull(
    name: Annotated[str, Parameter(help="A model's name, or hf:OWNER/REPO/FILE.gguf.")] = "",
    /,
    *,
    home: flags.Home = None,
    config: flags.Config = None,
) -> None:
    """Fetch a model, check it, and say where it is. Without a name, the default one."""
    from fnlloyd.assets import Assets
    from fnlloyd.cli.running import run_async
    from fnlloyd.cli.serve import open_settings

    settings = open_settings({"home": home, "config": config}).settings
    spec = name.removeprefix("llamacpp:")
    with fetching() as bars:
        path = run_async(Assets(settings.home, on_progress=bars).model, spec)
    out.say(str(path))
    err.note(f"use it with: fnlloyd serve --engine llamacpp:{spec}")


def size_of(asset: Asset) -> str:
    """How large an asset is, where that is known before it is fetched."""
    sizes = [file.size for file in asset.files if file.size is not None]
    return f"{max(1, round(sum(sizes) / MB))} MB" if len(sizes) == len(asset.files) else "?"
