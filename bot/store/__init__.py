"""Everything that is kept: one database, and the jobs that its rows ask for."""

from sqlalchemy.ext.asyncio import AsyncConnection as Transaction

from bot.store.database import Store
from bot.store.errors import Conflict, StoreUnavailable

__all__ = ["Conflict", "Store", "StoreUnavailable", "Transaction"]
