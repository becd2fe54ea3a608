"""The commands of a release, in order, as data: what publish.py runs or prints."""

from __future__ import annotations

import sys
from dataclasses import dataclass

BUILDERS = ("docker", "podman", "buildah")
"""The first that is installed is used."""
LABEL = "org.opencontainers.image"


@dataclass(frozen=True)
class Step:
    """One command of a release."""

    name: str
    command: tuple[str, ...]


@dataclass(frozen=True)
class Release:
    """What is released, and by what."""

    image: str
    source: str
    version: str
    commit: str
    committed_at: int
    """Seconds since 1970."""
    builder: str
    output: str
    base: str | None = None
    build_options: tuple[str, ...] = ()
    push_options: tuple[str, ...] = ()
    signed: bool = False

    @property
    def tagged(self) -> str:
        """The image with its tag."""
        return f"{self.image}:{self.version}"

    @property
    def tag(self) -> str:
        """The commit's."""
        return f"v{self.version}"


def steps(release: Release, began: str) -> list[Step]:
    """The whole release in order. The tag comes last: what could not be pushed has none."""
    out, source = release.output, f"{release.output}/source"
    archive = f"{out}/source.tar"
    packed = ("git", "archive", "--format", "tar", "-o", archive, release.commit)
    cosign = [Step("sign", _signed(release))] if release.signed else []
    return [
        Step("folder", ("mkdir", "-p", source)),
        Step("source", packed),
        Step("unpack", ("tar", "-x", "-f", archive, "-C", source)),
        Step("licenses", (sys.executable, "deploy/licenses.py", "--check")),
        Step("sbom", ("deploy/sbom", f"{out}/sbom.json")),
        Step("build", (*_built(release), source)),
        Step("try", _tried(release)),
        Step("push", _pushed(release)),
        Step("provenance", _stated(release, began)),
        *cosign,
        Step("tag", ("git", "tag", "-a", release.tag, "-m", release.tag, release.commit)),
    ]


def _built(release: Release) -> tuple[str, ...]:
    labels = {
        "version": release.version,
        "revision": release.commit,
        "source": release.source,
        "licenses": "MIT",
    }
    base = ("--build-arg", f"BASE={release.base}") if release.base else ()
    labelled = [
        word for key, value in labels.items() for word in ("--label", f"{LABEL}.{key}={value}")
    ]
    common = (*labelled, *base, *release.build_options, "--tag", release.tagged)
    if release.builder == "docker":
        epoch = f"SOURCE_DATE_EPOCH={release.committed_at}"
        return ("docker", "buildx", "build", "--load", "--build-arg", epoch, *common)
    # the OCI format has no HEALTHCHECK
    made_at = ("--format", "docker", "--timestamp", str(release.committed_at))
    return (release.builder, "build", *made_at, *common)


def _tried(release: Release) -> tuple[str, ...]:
    """Fails where the image does not start, or is of another version."""
    if release.builder == "buildah":
        run = (
            'it=$(buildah from --pull-never "$0") && said=$(buildah run "$it" -- slsdiag --version); '
            'buildah rm "$it" >/dev/null; echo "$said"; case "$said" in *"$1"*) ;; *) exit 1 ;; esac'
        )
    else:
        run = f'{release.builder} run --rm "$0" --version | grep -F "$1"'
    return ("sh", "-c", run, release.tagged, release.version)


def _pushed(release: Release) -> tuple[str, ...]:
    """Writes the pushed manifest's digest to the file `digest`."""
    file = f"{release.output}/digest"
    if release.builder == "docker":
        digest = "docker image inspect --format '{{index .RepoDigests 0}}' \"$0\" | sed 's/.*@//'"
        run = f'docker push "$@" "$0" && {digest} > "$FILE"'
        return ("env", f"FILE={file}", "sh", "-c", run, release.tagged, *release.push_options)
    options = (*release.push_options, "--digestfile", file)
    return (release.builder, "push", *options, release.tagged, f"docker://{release.tagged}")


def _stated(release: Release, began: str) -> tuple[str, ...]:
    values = {
        "image": release.image,
        "version": release.version,
        "commit": release.commit,
        "source": release.source,
        "builder": release.builder,
        "began": began,
        "output": release.output,
        **({"base": release.base} if release.base else {}),
    }
    options = [word for key, value in values.items() for word in (f"--{key}", value)]
    return (sys.executable, "deploy/provenance.py", *options)


def _signed(release: Release) -> tuple[str, ...]:
    attest = 'cosign attest --yes --type {} --predicate {} "$image"'
    run = " && ".join(
        [
            'image="$0@$(cat "$1/digest")"',
            'cosign sign --yes "$image"',
            attest.format("slsaprovenance1", '"$1/predicate.json"'),
            attest.format("cyclonedx", '"$1/sbom.json"'),
        ]
    )
    return ("sh", "-c", run, release.image, release.output)
