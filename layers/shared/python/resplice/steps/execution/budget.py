"""Budget: what a movie may cost is known before anybody is paid. Pure; it is told what is asked."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from resplice.core.document.problems import problem_at
from resplice.core.prices import Cost, cost_of, dollars, total
from resplice.core.providers import PROVIDERS
from resplice.core.sources import ElementTask
from resplice.core.tasks import kind_of
from resplice.errors import CostRefused, Problem
from resplice.steps.pipeline.element import TaskResult


def check(
    known: Iterable[TaskResult], todo: Sequence[ElementTask], most_micro_usd: int, how: str = ""
) -> None:
    """Raises CostRefused when what was paid in this run, and what is to be made now, is more than
    that by list prices; or when nobody knows what some of it costs. Where nothing more is to be
    paid, nothing is refused: a provider may have billed for more than was expected. how: what would
    allow it, in words.
    """
    priced = list(expected(todo))
    if not priced:
        return
    paid, due = total(_paid(known)), total(cost for _, cost in priced)
    both = paid + due
    if both.micro_usd <= most_micro_usd and not both.unknown:
        return
    parts = [f"by list prices {dollars(both.micro_usd)} would have been paid"]
    if paid.micro_usd:
        parts.append(f"{dollars(paid.micro_usd)} of it is paid already")
    if both.unknown:
        parts.append("of some of it the price is not known")
    if how:
        parts.append(how)
    summary = f"At most {dollars(most_micro_usd)} may be paid for this movie: {'; '.join(parts)}"
    in_all = dollars(due.micro_usd) + ", and what is not known" * bool(due.unknown)
    raise CostRefused([Problem("", summary), *(_told(*each) for each in priced)], in_all)


def expected(todo: Sequence[ElementTask]) -> Iterator[tuple[ElementTask, Cost]]:
    """Each piece of work once, if it costs anything."""
    for wanted in {wanted.task: wanted for wanted in todo}.values():
        bill = kind_of(wanted.task).bill(wanted.task)
        cost = cost_of(bill) if bill else None
        if cost and cost.micro_usd != 0:
            yield wanted, cost


def _paid(known: Iterable[TaskResult]) -> Iterator[Cost]:
    outcomes = {each.outcome.key: each.outcome for each in known if each.outcome}
    for outcome in outcomes.values():
        if outcome.bill and outcome.result != "hit":
            yield cost_of(outcome.bill)


def _told(wanted: ElementTask, cost: Cost) -> Problem:
    title = PROVIDERS[cost.provider].title
    price = "price unknown" if cost.micro_usd is None else dollars(cost.micro_usd)
    return problem_at(wanted.path, f"{title}, {cost.units:g} {cost.unit}, {price}")
