"""What a disk store says of itself, in words for a person. Only text in and out."""

from __future__ import annotations

from resplice.adapters.disk.eviction import CacheStats, Freed, VerifyReport


def freed_text(freed: Freed) -> str:
    return f"removed {freed.entries} entries, {_size(freed.size_bytes)}"


def verified_text(found: VerifyReport) -> str:
    lines = [f"checked {found.entries} entries, {len(found.damaged)} damaged"]
    lines += [f"removed {key}" for key in found.damaged]
    left = ((found.orphans, "contents without an entry"), (found.stale_files, "files of dead runs"))
    return "\n".join(lines + [f"removed {count} {what}" for count, what in left if count])


def stats_text(stats: CacheStats) -> str:
    layers = [
        f"{name:<9} {layer.entries:>7} entries {_size(layer.size_bytes):>12}"
        for name, layer in stats.layers.items()
    ]
    limit = "any size" if stats.limit_bytes is None else _size(stats.limit_bytes)
    return "\n".join([*layers, f"in all    {_size(stats.size_bytes)} of {limit}"])


def _size(size_bytes: int) -> str:
    for power, unit in ((3, "GiB"), (2, "MiB"), (1, "KiB")):
        if size_bytes >= 1024**power:
            return f"{size_bytes / 1024**power:.1f} {unit}"
    return f"{size_bytes} bytes"
