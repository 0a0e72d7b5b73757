"""The routes: account, zone, records, distribution, charges, and the batch that only one plan has."""

from collections.abc import Mapping
from typing import Any

from .edge import EMAIL, Answer, Call, RefusedError, Route, World, not_found, page
from .zone import PAID, InvalidError, Record, Zone, found

SORTS = {"id", "name", "content", "type"}


def whoami(call: Call) -> Answer:
    """GET /whoami: an account for an account's token, a user for a user's."""
    world = call.world
    account = {"id": world.account, "email": EMAIL, "plan_identifier": world.plan}
    user = {"id": 1, "email": "somebody@example.org"}
    mine = {"user": user, "account": None} if world.user_token else {"user": None, "account": account}
    return Answer(200, {"data": mine})


def zone(call: Call) -> Answer:
    """GET /:account/zones/:zone."""
    name = call.world.zone.name
    shape = {"id": 1, "account_id": call.world.account, "name": name, "reverse": False, "active": True}
    return Answer(200, {"data": shape})


def zones(call: Call) -> Answer:
    """GET /:account/zones: ours, and the others of the account."""
    names = sorted([call.world.zone.name, *call.world.others])
    shapes = ({"account_id": call.world.account, "name": name, "reverse": False} for name in names)
    return page(call, [{"id": n, "active": True, **shape} for n, shape in enumerate(shapes, 1)])


def distribution(call: Call) -> Answer:
    """GET …/distribution: 504 when the check itself failed."""
    if call.world.distributed is None:
        raise RefusedError(504, "Could not query zone, connection timed out")
    return Answer(200, {"data": {"distributed": call.world.distributed}})


def records(call: Call) -> Answer:
    """GET …/records, with filters and ``sort=field:order``."""
    listed = list(found(call.world.zone.records.values(), call.query))
    for part in reversed(call.query.get("sort", "id:asc").split(",")):
        name, _, order = part.partition(":")
        if name not in SORTS or order not in {"asc", "desc"}:
            raise RefusedError(400, f"Invalid sort criteria {part}")
        listed.sort(key=lambda each: getattr(each, name), reverse=order == "desc")
    return page(call, [shape(call.world.zone, each) for each in listed])


def add(call: Call) -> Answer:
    """POST …/records."""
    return Answer(201, {"data": _added(call.world, call.body)})


def record(call: Call) -> Answer:
    """GET …/records/:record."""
    return Answer(200, {"data": shape(call.world.zone, _record(call))})


def change(call: Call) -> Answer:
    """PATCH …/records/:record."""
    _needs_plan(call.world, call.body)
    return Answer(200, {"data": _changed(call.world.zone, _record(call), call.body)})


def remove(call: Call) -> Answer:
    """DELETE …/records/:record."""
    call.world.zone.remove(_own(_record(call)))
    return Answer(204)


def batch(call: Call) -> Answer:
    """POST …/batch: deletes, then updates, then creates; all of them or none, on the Enterprise plan."""
    world, kept = call.world, dict(call.world.zone.records)
    if not world.enterprise:
        raise RefusedError(412, "This feature is not included in your plan")
    held = {number: dict(vars(each)) for number, each in kept.items()}
    done: dict[str, list[dict[str, Any]]] = {"deletes": [], "updates": [], "creates": []}
    for part in done:
        for index, given in enumerate(call.body.get(part, ())):
            try:
                done[part].append(_one(world, part, given))
            except (InvalidError, RefusedError) as error:
                world.zone.records = kept
                for number, each in kept.items():
                    vars(each).update(held[number])
                errors = {"errors": error.errors} if isinstance(error, InvalidError) else {}
                wrong = {"index": index, "message": str(error), **errors}
                raise RefusedError(400, "Validation failed", errors={part: [wrong]}) from None
    return Answer(200, {"data": done})


def _one(world: World, part: str, given: Mapping[str, Any]) -> dict[str, Any]:
    """Carry out one operation of a batch."""
    if part == "creates":
        return _added(world, given)
    kept = world.zone.records.get(given["id"])
    if kept is None:
        raise RefusedError(404, f"Record not found ID={given['id']}")
    if part == "updates":
        return _changed(world.zone, kept, given)
    world.zone.remove(_own(kept))
    return {"id": kept.id}


def charges(call: Call) -> Answer:
    """GET /:account/billing/charges."""
    return page(call, call.world.charges)


def webhooks(call: Call) -> Answer:
    """GET /:account/webhooks: all of them, in no pages."""
    return Answer(200, {"data": call.world.webhooks})


def shape(zone: Zone, each: Record) -> dict[str, Any]:
    """Return a record as DNSimple shows it."""
    return {
        "id": each.id,
        "zone_id": zone.name,
        "parent_id": each.parent_id,
        "name": each.name,
        "content": each.content,
        "ttl": each.ttl,
        "priority": each.priority,
        "type": each.type,
        "regions": list(each.regions),
        "system_record": each.system,
        "created_at": f"{each.created_at:%Y-%m-%dT%H:%M:%SZ}",
        "updated_at": f"{each.updated_at:%Y-%m-%dT%H:%M:%SZ}",
    }


def _added(world: World, given: Mapping[str, Any]) -> dict[str, Any]:
    _needs_plan(world, given)
    return shape(world.zone, world.zone.add(given))


def _changed(zone: Zone, kept: Record, given: Mapping[str, Any]) -> dict[str, Any]:
    zone.change(_own(kept), given)
    return shape(zone, kept)


def _needs_plan(world: World, given: Mapping[str, Any]) -> None:
    """Refuse what the plan does not have."""
    paid = "regions" in given or given.get("type") in PAID
    if paid and world.plan.startswith("solo"):
        raise RefusedError(412, "This feature is not included in your plan")


def _record(call: Call) -> Record:
    number = call.params["record"]
    kept = call.world.zone.records.get(int(number)) if number.isdecimal() else None
    if kept is None:
        raise not_found(f"Record `{number}`")
    return kept


def _own(kept: Record) -> Record:
    """Refuse to touch what DNSimple keeps itself."""
    if kept.system or kept.parent_id is not None:
        raise RefusedError(400, "System records cannot be changed")
    return kept


ZONE = "/{account}/zones/{zone}"
RECORDS = f"{ZONE}/records"
RECORD = f"{RECORDS}/{{record}}"
ROUTES = (
    Route("GET", "/whoami", whoami),
    Route("GET", "/{account}/zones", zones),
    Route("GET", ZONE, zone),
    Route("GET", f"{ZONE}/distribution", distribution),
    Route("GET", RECORDS, records),
    Route("POST", RECORDS, add, "zones:*:write"),
    Route("GET", RECORD, record),
    Route("PATCH", RECORD, change, "zones:*:write"),
    Route("DELETE", RECORD, remove, "zones:*:write"),
    Route("POST", f"{ZONE}/batch", batch, "zones:*:write"),
    Route("GET", "/{account}/billing/charges", charges, "billing:*:read"),
    Route("GET", "/{account}/webhooks", webhooks, "webhooks:*:read"),
)
