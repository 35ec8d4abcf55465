"""Clients that go away, and clients that never finish: what they hold is given back.

    python benchmarks/rude_clients.py [--dropped 1000] [--slow 200] [--data DATA]

Against a service over the sample reports (or those of ``--data``):

- ``--dropped`` clients send a question and close the connection at once, 50 at a time;
- ``--slow`` connections send the headers of a request a byte a second ("slow loris"),
  and half as many a body.

Meanwhile ``/livez`` is asked every 50 ms. Prints counts, and ends with 1 unless ``/livez`` answered
within 100 ms at the 99th percentile, questions are answered afterwards, every slow connection was
ended by the service, and no more files are open than before.
"""

import argparse
import asyncio
import sys
import time
from pathlib import Path

from crowd import Heard, ask, percentiles, told
from service import resources, running_service, send

HEAD = (
    b"POST /api/v1/ask HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/json\r\n"
    b"Content-Length: 60\r\n\r\n"
)
BODY = '{"question": "青岚县今年粮食产量目标是多少？"}'.encode()
QUESTION = HEAD.replace(b"60", str(len(BODY)).encode()) + BODY

PATIENCE = 45.0
"""Seconds after which the service must have ended a slow connection: a body may take 30."""


def main() -> int:
    """Run it; returns the exit code."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--dropped", type=int, default=1000)
    parser.add_argument("--slow", type=int, default=200)
    parser.add_argument("--data", type=Path, help="a data folder; the sample reports if left out")
    options = parser.parse_args()
    with running_service(options.data) as service:
        return asyncio.run(measure(service.port, service.pid, options.dropped, options.slow))


async def measure(port: int, pid: int, dropped: int, slow: int) -> int:
    """Be rude, and judge how it is borne; returns the exit code."""
    await ask(port)
    _, files, _ = resources(pid)
    heard, done = Heard(), asyncio.Event()
    watching = asyncio.create_task(watch(port, done, heard))
    started = time.perf_counter()
    some = asyncio.Semaphore(50)
    await asyncio.gather(*(drop(port, some) for _ in range(dropped)))
    freed = await first_answer(port)
    print(f"{dropped} dropped in {time.perf_counter() - started:.1f} s; then answered {freed}")
    slowly = [trickle(port, QUESTION, 1) for _ in range(slow)]
    slowly += [trickle(port, QUESTION, len(HEAD) + 5) for _ in range(slow // 2)]
    ended = sum(await asyncio.gather(*slowly))
    done.set()
    await watching
    await asyncio.sleep(6)  # connections that are kept alive end after five
    _, after, _ = resources(pid)
    alive = percentiles(heard.alive)
    print(f"{ended} of {len(slowly)} slow connections were ended by the service")
    print(f"/livez: {len(heard.alive)}, {told(alive)}")
    print(f"open files: {files} before, {after} after")
    checks = {
        "no question was answered afterwards": (await ask(port)).status == 200,
        "a slow connection was not ended": ended == len(slowly),
        "/livez takes more than 100 ms (p99)": alive[2] <= 0.1,
        "files stay open": after <= files + 2,
    }
    broken = [what for what, holds in checks.items() if not holds]
    print("\n".join(f"BROKEN: {what}" for what in broken) or "all limits are kept")
    return 1 if broken else 0


async def drop(port: int, some: asyncio.Semaphore) -> None:
    """Ask, and go away without waiting."""
    async with some:
        _, writer = await asyncio.open_connection("127.0.0.1", port)
        writer.write(QUESTION)
        await writer.drain()
        writer.close()


async def trickle(port: int, request: bytes, whole: int) -> bool:
    """Send a request a byte a second after a beginning; says whether the service ends that."""
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    until = time.perf_counter() + PATIENCE
    try:
        writer.write(request[:whole])
        for byte in request[whole:]:
            if time.perf_counter() > until or reader.at_eof():
                break
            writer.write(bytes([byte]))
            await asyncio.sleep(1)
        await asyncio.wait_for(reader.read(), max(0.1, until - time.perf_counter()))
    except TimeoutError:
        return False
    except OSError:
        return True
    finally:
        writer.close()
    return True


async def watch(port: int, done: asyncio.Event, heard: Heard) -> None:
    """See how quickly the service says that it is alive."""
    while not done.is_set():
        heard.alive.append((await send(port, "GET", "/livez")).seconds)
        await asyncio.sleep(0.05)


async def first_answer(port: int) -> str:
    """How long it takes until a question is answered."""
    started = time.perf_counter()
    while (await ask(port)).status != 200:  # noqa: ASYNC110 - of another process
        await asyncio.sleep(0.05)
    return f"after {time.perf_counter() - started:.2f} s"


if __name__ == "__main__":
    sys.exit(main())
