"""What the imitated DNSimple holds, drawn for people."""

from collections.abc import Mapping
from typing import Any

from .zone import Zone


def pane(zone: Zone, servers: Mapping[str, str]) -> dict[str, Any]:
    """Return titled tables: the records as sets, and where the zone can be asked for."""
    kept = [each for each in zone.records.values() if not each.system and each.parent_id is None]
    sets = sorted({(each.name, each.type) for each in kept}, key=lambda key: (key[0] or " ", key[1]))
    rows = []
    for name, kind in sets:
        mine = [each for each in kept if (each.name, each.type) == (name, kind)]
        contents = (f"{each.priority} {each.content}" if each.priority else each.content for each in mine)
        times = sorted({each.ttl for each in mine})
        full = f"{name}.{zone.name}".removeprefix(".")
        rows.append([f"{full} {kind}", ", ".join(contents), ", ".join(f"{ttl} s" for ttl in times)])
    asked = [[name, f"dig @{host.replace(':', ' -p ')} {zone.name}"] for name, host in servers.items()]
    return {
        "title": "DNSimple",
        "sections": [
            {"title": zone.name, "columns": ["Record", "Content", "TTL"], "rows": rows},
            {"title": "Name servers", "columns": ["Name", "Ask it"], "rows": asked},
        ],
    }
