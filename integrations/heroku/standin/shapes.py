"""The documented bodies; whatever is personal or secret in them carries the word "canary"."""

from .world import ACCOUNT, SIZES, App, Build, Json, Release, World, ident, stamp

EMAIL = "infra@example.org"  # of the account
CANARY = {"id": "01234567-89ab-cdef-0123-456789abcdef", "email": "canary@example.org"}


def app(world: World, found: App) -> Json:
    """Return an app."""
    return {
        "id": ident(found, "app"),
        "name": found.name,
        "web_url": found.web_url,
        "maintenance": found.maintenance,
        "owner": CANARY,
        "team": {"name": world.team} if world.team else None,
        "released_at": stamp(found.releases[-1].at),
        "stack": {"name": "heroku-26"},
    }


def formation(found: App, kind: str) -> Json:
    """Return a type of process."""
    quantity, size = found.formation[kind]
    return {
        "id": ident(found, kind),
        "app": {"name": found.name},
        "type": kind,
        "quantity": quantity,
        "size": size,
        "dyno_size": {"name": size},
        "command": "canary command",
    }


def dynos(world: World, found: App) -> list[Json]:
    """Return the dynos that a formation makes."""
    now, current = world.clock(), found.current(world.clock())
    names = [f"{kind}.{n + 1}" for kind, (quantity, _) in found.formation.items() for n in range(quantity)]
    started = "starting" if now < found.began + found.boots else "up"
    return [
        {
            "id": ident(found, f"{name}/{found.restarts}/{stamp(found.began)}"),
            "app": {"name": found.name},
            "name": name,
            "type": name.partition(".")[0],
            "state": "crashed" if name in found.crashed else started,
            "created_at": stamp(found.began),
            "updated_at": stamp(found.began),
            "release": {"version": current.version if current else 0},
            "command": "canary command",
        }
        for name in names
    ]


def release(world: World, of: App, found: Release) -> Json:
    """Return a release."""
    now = world.clock()
    status = found.status(now)
    return {
        "id": ident(of, found.version),
        "app": {"name": of.name},
        "version": found.version,
        "status": status,
        "current": found is of.current(now),
        "description": found.text,
        "created_at": stamp(found.at),
        "updated_at": stamp(found.ready),
        "eligible_for_rollback": status == "succeeded" and found is not of.current(now),
        "user": CANARY,
        "output_stream_url": None,
    }


def build(world: World, of: App, found: Build) -> Json:
    """Return a build; who has the address of its log may read it."""
    now = world.clock()
    status = found.status(now)
    released = status == "succeeded" and found.release
    return {
        "id": found.id,
        "app": {"id": ident(of, "app")},
        "status": status,
        "created_at": stamp(found.at),
        "updated_at": stamp(max(found.at, min(now, found.ready))),
        "source_blob": {"checksum": None, "version": None, "version_description": None, **found.blob},
        "release": {"id": ident(of, released.version)} if released else None,
        "user": {"id": found.user, "email": EMAIL if found.user == ACCOUNT else CANARY["email"]},
        "output_stream_url": f"https://build-output.heroku.com/streams/canary-{found.id}",
        "stack": "heroku-26",
    }


def addon(found: Json) -> Json:
    """Return an add-on; it tells the names of its config vars, never their values."""
    service = found["plan"].partition(":")[0]
    return {
        "name": found["name"],
        "app": {"name": found["app"]},
        "plan": {"name": found["plan"]},
        "addon_service": {"name": service},
        "billed_price": {"cents": found["cents"], "contract": False, "unit": "month"},
        "state": "provisioned",
        "config_vars": ["DATABASE_URL"],
    }


def sizes() -> list[Json]:
    """Return the price list of dynos."""
    return [{"name": name, "memory": 0.5, "cost": {"cents": c, "unit": "month"}} for name, c in SIZES.items()]


def domain(found: App, name: str) -> Json:
    """Return a name under which an app is seen."""
    own = name.endswith(".herokuapp.com")
    cname = None if own else f"{found.name}-canary.herokudns.com"
    return {"hostname": name, "kind": "heroku" if own else "custom", "cname": cname, "status": "succeeded"}


def invoice(found: Json) -> Json:
    """Return a monthly bill."""
    dates = {key: f"{found[key]}" for key in ("period_start", "period_end")}
    return {"charges_total": found["total"], "credits_total": 0, "state": 1, **found, **dates}
