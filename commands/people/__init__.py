"""``people``: our list of people, their accounts and roles."""

from commands.people.add import ADD
from commands.people.change import CHANGE
from commands.people.remove import REMOVE
from commands.people.review import REVIEW_PEOPLE
from commands.people.show import SHOW
from commands.people.unconfirmed import UNCONFIRMED

COMMANDS = (SHOW, ADD, CHANGE, REMOVE, REVIEW_PEOPLE, UNCONFIRMED)
