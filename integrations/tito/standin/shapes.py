"""The documented bodies. Whatever is personal in them carries the word "canary", so that a leak is found."""

from datetime import datetime
from decimal import Decimal
from typing import Any

from .world import Event, Order, Release, Ticket, World

Json = dict[str, Any]


def stamp(at: datetime | None) -> str | None:
    """Return a time as answers have it."""
    return None if at is None else f"{at:%Y-%m-%dT%H:%M:%S}.{at.microsecond // 1000:03}Z"


def event(world: World, found: Event, *, extended: bool = False) -> Json:
    """Return an event."""
    now = world.clock()
    body: Json = {
        "_type": "event",
        "id": found.id,
        "slug": found.slug,
        "title": found.title,
        "account_slug": world.account,
        "currency": found.currency,
        "live": True,
        "test_mode": False,
        "archived": found.archived,
        "private": False,
        "start_date": f"{found.start_date}",
        "end_date": f"{found.end_date}",
        "days_until": (found.start_date - now.date()).days,
        "from_email": '"Canary Organiser" <canary-organiser@example.org>',
        "reply_to_email": "canary-organiser@example.org",
        "security_token": found.security_token,
        "releases_count": len(found.releases),
        "metadata": None,
    }
    if extended:
        count = sum(world.count(found, release) for release in found.releases)
        body |= {"view": "extended", "timezone": found.timezone, "tickets_count": count}
        body |= {"registrations_count": len(world.orders(found)), "discount_codes_count": 0}
    return body


def release(world: World, of: Event, found: Release, *, extended: bool = False) -> Json:
    """Return a release."""
    now, count = world.clock(), world.count(of, found)
    upcoming = found.start_at is not None and now < found.start_at
    expired = found.end_at is not None and now >= found.end_at
    body: Json = {
        "_type": "release",
        "id": found.id,
        "event_id": of.id,
        "slug": found.slug,
        "title": found.title,
        "price": float(found.price),
        "price_ex_tax": float(_without_vat(found.price)),
        "tax_exclusive": False,
        "quantity": found.quantity,
        "tickets_count": count,
        "state_name": "off_sale" if found.off_sale else "on_sale",
        "sold_out": found.quantity is not None and count >= found.quantity,
        "off_sale": found.off_sale,
        "expired": expired,
        "upcoming": upcoming,
        "locked": False,
        "secret": found.secret,
        "archived": found.archived,
        "start_at": stamp(found.start_at),
        "end_at": stamp(found.end_at),
        "pricing_type": "paid" if found.price else "free",
        "position": found.position,
        "not_a_ticket": found.not_a_ticket,
        "donation": found.donation,
        "metadata": {"owner": "canary-owner@example.org"},
    }
    if extended:
        ours = [t for t in world.tickets(of) if t.release is found]
        income = sum((t.price for t in ours if t.order.paid and not t.void(now)), Decimal(0))
        body |= {
            "view": "extended",
            "gross_income": float(income),
            "full_price_tickets_count": count,
            "free_tickets_count": 0,
            "discounted_tickets_count": 0,
            "voided_tickets_count": sum(t.void(now) for t in ours),
            "display_price": float(found.price),
            "warnings": {},
        }
    return body


def ticket(world: World, found: Ticket) -> Json:
    """Return a ticket, somebody's."""
    now, who = world.clock(), found.order.canary
    return {
        "_type": "ticket",
        "id": found.id,
        "slug": found.slug,
        "unique_url": f"https://ti.to/tickets/{found.slug}",
        "company_name": f"{who} Company",
        "email": f"{who}@example.org",
        "metadata": {"note": f"{who} note"},
        "first_name": f"{who} First",
        "last_name": "Canary-Last",
        "name": f"{who} First Canary-Last",
        "number": found.number,
        "phone_number": f"+44 7700 900000 {who}",
        "gender": f"{who} gender",
        "price": float(found.price),
        "reference": f"{found.order.reference}-{found.number}",
        "state": "void" if found.void(now) else found.state,
        "test_mode": found.order.test_mode,
        "registration_id": found.order.id,
        "registration_name": f"{who} Buyer",
        "registration_email": f"{who}-buyer@example.org",
        "release_id": found.release.id,
        "release_title": found.release.title,
        "release_archived": found.release.archived,
        "avatar_url": f"https://secure.gravatar.com/avatar/{who}.png",
        "void": found.void(now),
        "changes_locked": False,
        "consented_at": None,
        "discount_code_used": None,
        "tag_names": [f"{who} tag"],
        "answers": [{"question": {"id": 2, "title": "Diet"}, "response": f"{who} answer"}],
        "responses": {"diet": f"{who} answer"},
        "created_at": stamp(found.created_at),
        "updated_at": stamp(found.updated_at(now)),
    }


def registration(world: World, found: Order) -> Json:
    """Return an order, somebody's."""
    now, who = world.clock(), found.canary
    back = found.refunded(now)
    return {
        "_type": "registration",
        "id": found.id,
        "slug": found.slug,
        "billing_address": {"city": f"{who} city", "address": f"{who} street"},
        "created_at": stamp(found.created_at),
        "updated_at": stamp(max([found.created_at, *(at for at, _ in found.refunds if at <= now)])),
        "completed_at": stamp(found.created_at),
        "discount_code": None,
        "email": f"{who}@example.org",
        "job_title": f"{who} job",
        "expires_at": f"{found.created_at:%Y-%m-%d %H:%M:%S} UTC",
        "ip_address": f"192.0.2.1 {who}",
        "locale": "en",
        "metadata": None,
        "name": f"{who} Buyer",
        "company_name": f"{who} Company",
        "payment_reference": f"{who} payment",
        "phone_number": f"+44 7700 900000 {who}",
        "registration_type": "manual" if found.manual else "standard",
        "reference": found.reference,
        "source": None,
        "state": "complete",
        "test_mode": found.test_mode,
        "cancelled": found.cancelled_at is not None and found.cancelled_at <= now,
        "cancelled_by": f"{who} Canceller" if found.cancelled_at else None,
        "free": not found.total,
        "paid": bool(found.total),
        "invoice": found.manual,
        "manual": found.manual,
        "imported": False,
        "refundable": found.paid,
        "refunded": bool(back) and back >= found.total,
        "partially_refunded": bool(back) and back < found.total,
        "receipt_paid": found.paid,
        "payment_incomplete": not found.paid,
        "payment_complete": found.paid,
        "total": float(found.total),
        "tickets_count": len(found.tickets),
    }


def refund(world: World, of: Order, number: int, at: datetime, amount: Decimal) -> Json:
    """Return a refund; its amount is text, and negative."""
    body = {"_type": "refund", "id": number, "amount": str(-amount), "created_at": stamp(at), "manual": None}
    return body | {"registration": registration(world, of)}


def delivered_ticket(world: World, of: Event, found: Ticket) -> Json:
    """Return the body of a delivery about a ticket: amounts are text, times are written out."""
    body = ticket(world, found)
    return {
        **{name: body[name] for name in _DELIVERED},
        "state_name": body["state"],
        "price": str(found.price),
        "updated_at": f"{found.updated_at(world.clock()):%Y-%m-%d %H:%M:%S} UTC",
        "release": {"id": found.release.id, "title": found.release.title, "slug": found.release.slug},
        "registration": {"id": found.order.id, "total": str(found.order.total), "currency": of.currency},
        "custom": {},
        "event": _place(world, of),
    }


def delivered_registration(world: World, of: Event, found: Order) -> Json:
    """Return the body of a delivery about an order."""
    body = registration(world, found)
    return {
        **{name: body[name] for name in ("_type", "id", "slug", "reference", "test_mode", "name", "email")},
        "total": str(found.total),
        "currency": of.currency,
        "updated_at": f"{found.created_at:%Y-%m-%d %H:%M:%S} UTC",
        "event": _place(world, of),
    }


_DELIVERED = ("_type", "id", "slug", "reference", "test_mode", "name", "email", "phone_number", "answers")


def _place(world: World, of: Event) -> Json:
    return {"_type": "event", "id": of.id, "slug": of.slug, "title": of.title, "account_slug": world.account}


def _without_vat(price: Decimal) -> Decimal:
    return (price / Decimal("1.2")).quantize(Decimal("0.01"))
