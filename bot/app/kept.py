"""Our own data as the integrations of our own read and write them: the store is their client."""

from asyncio import gather
from collections.abc import Awaitable, Callable, Collection, Mapping
from datetime import date, datetime

from bot.core.costs import Charge
from bot.core.errors import Rejected, VendorError
from bot.core.keys import Proof, Vault
from bot.core.people import Person
from bot.core.secret import Made, Secret
from bot.core.tickets import Sales, Season
from bot.store import Conflict, Store, board, charges, keys, people, sales
from bot.workflow.reviews import ReviewLines
from integrations.onepassword import OnePasswordClient, Seen


class ListedPeople:
    """Our own list, as the people integration reads and writes it."""

    def __init__(self, store: Store, reviews: ReviewLines) -> None:
        self._store = store
        self.review = reviews.running
        self.begin_review = reviews.begin
        self.stop_review = reviews.stop

    async def everyone(self) -> tuple[Person, ...]:
        """Return everybody in our list."""
        async with self._store.read() as tx:
            return await people.everyone(tx)

    async def by_name(self, name: str) -> Person | None:
        """Return one person."""
        async with self._store.read() as tx:
            return await people.by_name(tx, name)

    async def put(self, person: Person) -> None:
        """Keep one person."""
        try:
            async with self._store.write() as tx:
                await people.put(tx, person)
        except Conflict as error:
            raise Rejected(
                "people", f"Our list refuses {person.name}: {error}.", "Nothing was changed."
            ) from None

    async def remove(self, name: str) -> None:
        """Forget one person."""
        async with self._store.write() as tx:
            await people.remove(tx, name)


class KeptSales:
    """Our record of ticket sales, as the sales integration reads and writes it."""

    def __init__(self, store: Store) -> None:
        self._store = store

    async def seasons(self) -> tuple[Season, ...]:
        """Return the years, oldest first."""
        async with self._store.read() as tx:
            return await sales.seasons(tx)

    async def season(self, year: int) -> Season | None:
        """Return one year."""
        async with self._store.read() as tx:
            return await sales.season(tx, year)

    async def put(self, season: Season) -> None:
        """Keep a year, in the place of what was kept of it."""
        async with self._store.write() as tx:
            await sales.put(tx, season)

    async def remove(self, year: int) -> None:
        """Forget a year."""
        async with self._store.write() as tx:
            await sales.remove(tx, year)

    async def newest(self) -> Sales | None:
        """Return the newest daily snapshot of any conference."""
        async with self._store.read() as tx:
            return await sales.newest(tx)

    async def snapshots(self, conference: str, since: date) -> tuple[Sales, ...]:
        """Return the daily snapshots of a conference from a day on, oldest first."""
        async with self._store.read() as tx:
            return await sales.snapshots(tx, conference, since)

    async def followed(self, seller: str) -> str | None:
        """Return the event that figures of a seller are of; None while nobody said."""
        async with self._store.read() as tx:
            return await sales.followed(tx, seller)

    async def follow(self, seller: str, event: str | None) -> None:
        """Keep which event figures of a seller are of; None forgets it."""
        async with self._store.write() as tx:
            await sales.follow(tx, seller, event)


class KeptCharges:
    """What people recorded of costs, as the costs integration reads and writes it."""

    def __init__(self, store: Store) -> None:
        self._store = store

    async def charge(self, vendor: str) -> Charge | None:
        """Return what was recorded of a vendor."""
        async with self._store.read() as tx:
            return (await charges.everything(tx)).get(vendor)

    async def put(self, vendor: str, charge: Charge) -> None:
        """Keep what a vendor charges, in the place of what was recorded of it."""
        async with self._store.write() as tx:
            await charges.put(tx, vendor, charge)

    async def remove(self, vendor: str) -> None:
        """Forget what was recorded of a vendor."""
        async with self._store.write() as tx:
            await charges.remove(tx, vendor)


class KeptDecisions:
    """What the owners decided of our services, as the board integration reads and writes it."""

    def __init__(self, store: Store) -> None:
        self._store = store

    async def needed(self, service: str, year: int) -> bool | None:
        """Return whether a service is needed in a year; None while that is open."""
        async with self._store.read() as tx:
            return (await board.decisions(tx, year)).get(service)

    async def decide(self, service: str, year: int, needed: bool | None) -> None:
        """Keep whether a service is needed in a year."""
        async with self._store.write() as tx:
            await board.decide(tx, service, year, needed)


class KeptKeys:
    """What people proved and how old secrets are, as the keys integration reads and writes it.

    *secrets* are the keys of those in the settings; *ask* says by vendor in whose account our token is.
    """

    def __init__(
        self,
        store: Store,
        secrets: Collection[str],
        ask: Mapping[str, Callable[[], Awaitable[str | None]]],
    ) -> None:
        self._store = store
        self._secrets = secrets
        self._ask = ask

    async def proofs(self) -> tuple[Proof, ...]:
        """Return what people proved."""
        async with self._store.read() as tx:
            return await keys.proofs(tx)

    async def prove(self, proof: Proof) -> None:
        """Keep a proof, in the place of an earlier one."""
        async with self._store.write() as tx:
            await keys.put(tx, proof)

    async def forget(self, vendor: str, person: str) -> None:
        """Forget what somebody proved at a vendor."""
        async with self._store.write() as tx:
            await keys.remove(tx, vendor, person)

    async def secrets(self) -> tuple[Secret, ...]:
        """Return the secrets of our settings, never their values."""
        async with self._store.read() as tx:
            made = await keys.made(tx)
        return tuple(Secret(key=key, made=made.get(key)) for key in self._secrets)

    async def mark(self, key: str, made: Made | None) -> None:
        """Keep when a secret was made; None: forget it."""
        async with self._store.write() as tx:
            await keys.put_made(tx, key, made)

    async def accounts(self) -> Mapping[str, str]:
        """Return by vendor the account that our token was made in; who does not say is left out."""
        found = await gather(*(_told(ask) for ask in self._ask.values()))
        return {vendor: account for vendor, account in zip(self._ask, found, strict=True) if account}


class KeptVaults:
    """Who can open which vault, as the 1Password integration reads and writes it."""

    def __init__(
        self, store: Store, clock: Callable[[], datetime], asked: OnePasswordClient | None = None
    ) -> None:
        self._store = store
        self.now = clock
        self._asked = asked

    async def seen(self) -> tuple[Seen, ...]:
        """Return the vaults that our token opens now; none where 1Password is not set up."""
        return await self._asked.vaults() if self._asked else ()

    async def vaults(self) -> Mapping[str, Vault]:
        """Return who can open each vault, by its name."""
        async with self._store.read() as tx:
            return await keys.vaults(tx)

    async def keep(self, name: str, vault: Vault | None) -> None:
        """Keep who can open a vault; None: forget it."""
        async with self._store.write() as tx:
            await keys.put_vault(tx, name, vault)


async def _told(ask: Callable[[], Awaitable[str | None]]) -> str | None:
    try:
        return await ask()
    except VendorError:
        return None
