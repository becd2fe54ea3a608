"""
The image as it will run: as its fixed user, without rights, on a root that cannot be written.

    python benchmarks/image.py [TAG] [TRIAGES] [SEED]     needs root and buildah: see deploy/image

Two containers of it serve over one store while triages go on; one after the other is told to
stop (SIGTERM), is waited for, and starts again. Prints its figures and ends with status 1 when
one is missed. A container here is `buildah run --isolation chroot`; its root is mounted
read-only and its rights are dropped inside, as a container engine does it outside.
"""

from __future__ import annotations

import json
import os
import random
import shlex
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from urllib.error import URLError
from urllib.request import urlopen

from crowd import SHORT, Crowd, counted
from stage import Replica, Stage

from bot.store.valkey import command

UID = 10001
LARGEST = 260
"""Megabytes."""
READY_WITHIN, DRAINED_WITHIN = 3.0, 20.0
LOOKED_FOR, GIVES_UP_AFTER = 10.0, 120.0
BUILDAH = ("buildah", "run", "--isolation", "chroot", "--user", "0")
INSIDE = f"""
mount -o remount,ro,bind / && mount -t tmpfs tmpfs /tmp
exec setpriv --reuid {UID} --regid {UID} --clear-groups --no-new-privs --inh-caps=-all \
    --bounding-set=-all "$@"
"""
WRITABLE = (
    "find / -xdev -writable -not -type l -not -path '/proc/*' -not -path '/sys/*'"
    " -not -path '/dev/*' 2>/dev/null; true"
)


@dataclass
class Container(Replica):
    """A replica in a container of its own; its state is a folder of this machine."""

    image: str = ""
    volume: Path = Path()
    name: str = ""

    def start(self, **more: str) -> None:
        """Begin, without waiting."""
        self.starts += 1
        with self.log.open("ab") as file:
            self.process = subprocess.Popen(
                self.inside("slsdiag", "serve", environment=self.environment | more), stderr=file
            )

    def inside(self, *words: str, environment: dict[str, str]) -> list[str]:
        """What runs `words` as the bot runs."""
        if not self.name:
            self.name = output("buildah", "from", "--pull-never", self.image)
            os.chown(self.volume, UID, UID)
        settings = [word for pair in environment.items() for word in ("--env", "=".join(pair))]
        mounts = ["--volume", f"{self.volume}:/var/lib/slsdiag"]
        rights = ["--cap-add", "CAP_SYS_ADMIN", "--cap-add", "CAP_SETPCAP"]
        shell = ["--", "sh", "-c", INSIDE, "sh", *words]
        return [*BUILDAH, *rights, *settings, *mounts, self.name, *shell]

    def signal(self, number: signal.Signals) -> None:
        """To the bot's own process, as a container engine sends it."""
        until = time.monotonic() + LOOKED_FOR
        while not self.dead and time.monotonic() < until:
            for pid in self.pids():
                os.kill(pid, number)
                return
            time.sleep(0.05)  # Linux may leave out a child while another one ends

    def kill(self) -> None:
        """End it and what started it."""
        self.signal(signal.SIGKILL)
        super().kill()

    def pids(self) -> list[int]:
        """The processes of the image's user below what we started; the first is the bot."""
        below = [self.process.pid] if self.process else []
        for pid in below:
            below += children(pid)
        return [pid for pid in below if status(pid, "Uid") == str(UID)][:1]


@dataclass
class Figures:
    """What was measured; `missed` holds what broke a promise."""

    missed: list[str] = field(default_factory=list)

    def say(self, kept: bool, text: str) -> None:  # noqa: FBT001 - read at once
        """Print one."""
        print(f"{'  ' if kept else '! '}{text}", flush=True)
        if not kept:
            self.missed.append(text)


def main() -> int:
    """All of it."""
    image, triages, seed = (*sys.argv[1:], *("slsdiag:trial", "20", "1")[len(sys.argv) - 1 :])
    figures = Figures()
    size = int(json.loads(output("buildah", "images", "--json", image))[0]["size"].split()[0])
    figures.say(size <= LARGEST, f"size {size} MB (limit {LARGEST})")
    with Stage(int(seed), 1, int(triages)) as stage, store() as url:
        two = [container(stage, image, url) for _ in range(2)]
        try:
            alone(figures, two[0])
            for each in two:
                starts(figures, each)
            stage.slack.sockets.wait(2)
            restarts(figures, stage, two, int(seed))
        finally:
            for each in two:
                each.kill()
                output("buildah", "rm", each.name)
    return 1 if figures.missed else 0


def alone(figures: Figures, one: Container) -> None:
    """What its user may write."""
    found = output(*one.inside("sh", "-c", WRITABLE, environment={})).splitlines()
    figures.say(set(found) <= {"/tmp", "/var/lib/slsdiag"}, f"writable: {', '.join(found)}")  # noqa: S108 - it is a tmpfs


def starts(figures: Figures, one: Container) -> float:
    """Until it is ready; who it is."""
    began = time.monotonic()
    one.start()
    while not ready(int(one.environment["SLSDIAG_ADMIN_PORT"])):
        if one.dead or time.monotonic() - began > 60:  # noqa: PLR2004 - something is wrong
            raise TimeoutError(f"it did not start: {one.log.read_text()[-2000:]}")
        time.sleep(0.02)
    took = time.monotonic() - began
    pid = one.pids()[0]
    who = (status(pid, "Uid"), status(pid, "CapEff").strip("0"), status(pid, "NoNewPrivs"))
    busy = f"{processor(pid):.2f} s of one processor"
    figures.say(took <= READY_WITHIN, f"GET /readyz 200 after {took:.2f} s ({busy})")
    figures.say(who == (str(UID), "", "1"), f"uid {who[0]}, no capability, no new privileges")
    return took


def restarts(figures: Figures, stage: Stage, two: list[Container], seed: int) -> None:
    """Rolling, as long as triages go on."""
    crowd, ended = Crowd(stage, SHORT, SHORT), threading.Event()
    drained: list[float] = []
    statuses: set[int] = set()

    def roll() -> None:
        chance = random.Random(seed)  # noqa: S311 - chaos, not secrets
        while not ended.wait(chance.uniform(3, 9)):
            one = two[len(drained) % 2]
            began = time.monotonic()
            one.signal(signal.SIGTERM)
            if one.process:
                statuses.add(one.process.wait(GIVES_UP_AFTER))
            drained.append(time.monotonic() - began)
            one.start()
            while not ended.is_set() and not ready(int(one.environment["SLSDIAG_ADMIN_PORT"])):
                time.sleep(0.05)

    thread = threading.Thread(target=roll)
    thread.start()
    try:
        crowd.run()
    finally:
        ended.set()
        thread.join()
    counts = counted(crowd)
    slowest = max(drained)
    figures.say(slowest <= DRAINED_WITHIN, f"{len(drained)} SIGTERMs, slowest stop {slowest:.1f} s")
    figures.say(statuses == {0}, f"exit statuses {sorted(statuses)}")
    figures.say(counts.kept, counts.summary_line())


def container(stage: Stage, image: str, url: str) -> Container:
    """One more, not started yet; what the image itself sets is not set again."""
    number = len(stage.replicas)
    volume = stage.state / f"volume{number}"
    volume.mkdir()
    given = stage.replica(REDIS_URL=url, SLSDIAG_ADMIN_PORT=str(free_port()))
    wanted = ("AWS_", "SLACK_", "SLSDIAG_", "REDIS_URL")
    environment = {n: v for n, v in given.environment.items() if n.startswith(wanted)}
    del environment["SLSDIAG_STATE_DIR"]
    made = Container(environment, given.log, image=image, volume=volume)
    stage.replicas[number] = made
    return made


@contextmanager
def store() -> Iterator[str]:
    """A store as others have it, on a port; our own has a socket that only its user may open."""
    port = free_port()
    with Path(os.devnull).open("wb") as nowhere:
        folder = output("mktemp", "-d")
        words = command(Path(folder), Path(folder) / "socket", Path(folder) / "log")
        words[words.index("--port") + 1] = str(port)
        process = subprocess.Popen(words, stdout=nowhere, stderr=nowhere)
    try:
        yield f"redis://127.0.0.1:{port}"
    finally:
        process.terminate()
        process.wait()
        subprocess.run(["rm", "-r", folder], check=False)  # noqa: S607


def ready(port: int) -> bool:
    """Whether GET /readyz is 200."""
    try:
        with urlopen(f"http://127.0.0.1:{port}/readyz", timeout=2):
            return True
    except (URLError, OSError):
        return False


def children(pid: int) -> list[int]:
    """Of one process; none when it is gone."""
    try:
        text = "".join(each.read_text() for each in Path(f"/proc/{pid}/task").glob("*/children"))
    except OSError:
        return []
    return [int(each) for each in text.split()]


def status(pid: int, name: str) -> str:
    """A line of its status, its first word; empty when it is gone."""
    try:
        lines = Path(f"/proc/{pid}/status").read_text().splitlines()
    except OSError:
        return ""
    return next((line.split()[1] for line in lines if line.startswith(f"{name}:")), "")


def processor(pid: int) -> float:
    """Seconds that it has computed: says what a busy machine hides."""
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def free_port() -> int:
    """One that nobody has just now."""
    with socket.socket() as made:
        made.bind(("127.0.0.1", 0))
        return int(made.getsockname()[1])


def output(*words: str) -> str:
    """What a command prints; its complaints are shown when it fails."""
    done = subprocess.run(words, capture_output=True, text=True, check=False)
    if done.returncode:
        sys.exit(f"{shlex.join(words)}: {done.stderr[-2000:]}")
    return done.stdout.strip()


if __name__ == "__main__":
    sys.exit(main())
