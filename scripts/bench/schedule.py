"""Reviews a second of py-fsrs: the same reviews as crates/study/examples/schedule_speed.rs, fuzz off.

Prints the reviews a second; on standard error the mean stability in the end, by which one sees that both
did the same work. Needs fsrs 6.3.2 (`pip install fsrs==6.3.2`).
"""

import sys
import time
from datetime import datetime, timedelta, timezone

from fsrs import Card, Rating, Scheduler

CARDS = 10_000
DAYS = [0, 1, 3, 7, 14, 24, 40, 65, 100, 150]
START = datetime(2026, 1, 1, tzinfo=timezone.utc)


def main() -> None:
    scheduler = Scheduler(enable_fuzzing=False)
    cards = [Card(card_id=number) for number in range(CARDS)]
    ratings = list(Rating)
    began = time.perf_counter()
    for review, day in enumerate(DAYS):
        now = START + timedelta(days=day)
        for number in range(CARDS):
            rating = ratings[(7 * number + 3 * review) % 11 % 4]
            cards[number], _ = scheduler.review_card(cards[number], rating, now)
    took = time.perf_counter() - began
    print(round(CARDS * len(DAYS) / took))
    mean = sum(card.stability for card in cards) / CARDS
    print(f"mean stability {mean:.3f} days", file=sys.stderr)


main()
