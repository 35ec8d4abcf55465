"""Turns with the model: questions go first, and windows get on nevertheless."""

import threading
import time

from index.turns import PATIENCE, Turns

WINDOW = 0.02


def encode_windows(turns: Turns, over: threading.Event, count: list[int]) -> None:
    while not over.is_set():
        with turns.of_windows():
            time.sleep(WINDOW)
            count[0] += 1


def test_a_question_waits_for_one_window_at_the_most() -> None:
    turns, over, count = Turns(), threading.Event(), [0]
    thread = threading.Thread(target=encode_windows, args=(turns, over, count))
    thread.start()
    waited = []
    for _ in range(30):
        began = time.monotonic()
        with turns.of_question():
            waited.append(time.monotonic() - began)
        time.sleep(0.005)
    over.set()
    thread.join()
    assert sorted(waited)[-3] < 3 * WINDOW
    assert count[0] > 0


def test_windows_get_on_though_questions_never_end() -> None:
    turns, over, count = Turns(), threading.Event(), [0]

    def ask() -> None:
        while not over.is_set():
            with turns.of_question():
                time.sleep(0.005)

    threads = [threading.Thread(target=ask) for _ in range(4)]
    threads.append(threading.Thread(target=encode_windows, args=(turns, over, count)))
    for thread in threads:
        thread.start()
    time.sleep(3 * PATIENCE)
    over.set()
    for thread in threads:
        thread.join()
    assert count[0] >= 1


def test_nobody_else_has_the_turn_of_another() -> None:
    turns, inside, most = Turns(), [0], [0]

    def work(*, question: bool) -> None:
        for _ in range(50):
            with turns.of_question() if question else turns.of_windows():
                inside[0] += 1
                most[0] = max(most[0], inside[0])
                time.sleep(0.0005)
                inside[0] -= 1

    threads = [threading.Thread(target=work, kwargs={"question": bool(n % 2)}) for n in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert most[0] == 1
