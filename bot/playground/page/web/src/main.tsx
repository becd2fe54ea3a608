// The page: whose eyes, which channel, which thread.
import { render } from "preact";
import { useCallback, useEffect, useLayoutEffect, useMemo, useRef, useState } from "preact/hooks";
import { AwsPanel } from "./aws";
import { Conversation, Thread } from "./conversation";
import type { Seen } from "./model";
import { act, useSeen } from "./server";
import { Stage } from "./stage";
import { Home, Modal } from "./views";

const HOME = "home";
const YOU = "U0YOU";
const ROOMY = "(min-width: 1200px)";

function Page() {
  const [user, setUser] = useState(new URLSearchParams(location.search).get("as") ?? YOU);
  const { seen, away } = useSeen(user);
  const [complaint, complain] = useState("");
  const does = useCallback(
    async (name: string, given: object = {}) => {
      const answered = await act(user, name, given);
      complain(answered.error ?? "");
      return answered;
    },
    [user],
  );
  const become = (other: string) => {
    history.replaceState(null, "", `?as=${other}${location.hash}`);
    complain("");
    setUser(other);
  };
  const stage = useMemo(() => seen && { seen, does }, [seen, does]);
  if (!stage || !seen) return <p class="waiting">Opening the workspace…</p>;
  return (
    <Stage.Provider value={stage}>
      <Workspace seen={seen} become={become} />
      {(away || complaint) && (
        <p role="alert" class="alert">
          {away ? "The demo does not answer. Is it still running?" : complaint}
        </p>
      )}
      {seen.modal && <Modal key={seen.me.user + seen.modal.id} view={seen.modal} />}
    </Stage.Provider>
  );
}

function Workspace({ seen, become }: { seen: Seen; become: (user: string) => void }) {
  const [place, setPlace] = useState(() => linked()[0] ?? seen.channels[0]?.id ?? "");
  const [thread, setThread] = useState(() => linked()[1]);
  const roomy = useRoomy();
  const [wanted, want] = useState<boolean | null>(null);
  const aws = wanted ?? roomy;
  const opener = useRef<Element | null>(null);
  const channel = seen.channels.find((each) => each.id === place);
  useEffect(() => {
    if (!channel && !(place === HOME && seen.me.member)) setPlace(seen.channels[0]?.id ?? "");
  }, [seen.me.user]);
  const hash = `#${place}${thread ? `/${thread}` : ""}`;
  useLayoutEffect(() => history.replaceState(null, "", hash), [hash]);
  useFollowed(hash, (to, ts) => {
    setPlace(to);
    setThread(seen.messages.get(ts)?.thread ?? null);
  });
  const go = (to: string) => {
    setPlace(to);
    setThread(null);
  };
  const open = (ts: string) => {
    opener.current = document.activeElement;
    setThread(ts);
  };
  const close = () => {
    setThread(null);
    if (opener.current instanceof HTMLElement) opener.current.focus();
  };
  const root = thread ? seen.messages.get(thread) : undefined;
  return (
    <div class="page">
      <header class="top">
        <h1>slsdiag demo</h1>
        <label>
          View as{" "}
          <select value={seen.me.user} onChange={(event) => become(event.currentTarget.value)}>
            {seen.people.map((each) => (
              <option value={each.user}>{each.label}</option>
            ))}
          </select>
        </label>
        <button
          type="button"
          aria-expanded={aws}
          aria-controls={aws ? "aws" : undefined}
          onClick={() => want(!aws)}
        >
          Be AWS
        </button>
      </header>
      <Channels seen={seen} place={place} go={go} />
      <main>
        {place === HOME ?
          <Home key={seen.me.user} />
        : channel && <Conversation channel={channel} open={open} />}
      </main>
      {channel && root && <Thread channel={channel} root={root} close={close} />}
      {aws && <AwsPanel opened={wanted === true} close={() => want(false)} />}
    </div>
  );
}

/** What the address names: a place, and a thread in it. A reload comes back to both. */
function linked(): [string | undefined, string | null] {
  const [place, thread] = location.hash.slice(1).split("/");
  return [place || undefined, thread || null];
}

/** A link to a message, "#channel/ts", was followed: go there, and let it have the focus. */
function useFollowed(shown: string, go: (channel: string, ts: string) => void) {
  const latest = useRef({ shown, go });
  latest.current = { shown, go };
  useEffect(() => {
    const follow = () => {
      const [channel, ts] = linked();
      if (!channel || !ts) return;
      history.replaceState(null, "", latest.current.shown);
      latest.current.go(channel, ts);
      requestAnimationFrame(() =>
        [...document.querySelectorAll<HTMLElement>("article")]
          .findLast((each) => each.dataset.ts === ts)
          ?.focus(),
      );
    };
    addEventListener("hashchange", follow);
    return () => removeEventListener("hashchange", follow);
  }, []);
}

/** Whether there is room for the account beside the conversation. */
function useRoomy(): boolean {
  const [roomy, setRoomy] = useState(matchMedia(ROOMY).matches);
  useEffect(() => {
    const media = matchMedia(ROOMY);
    const changed = () => setRoomy(media.matches);
    media.addEventListener("change", changed);
    return () => media.removeEventListener("change", changed);
  }, []);
  return roomy;
}

function Channels({ seen, place, go }: { seen: Seen; place: string; go: (to: string) => void }) {
  const entry = (id: string, sign: string, label: string) => (
    <li>
      <button
        type="button"
        aria-current={place === id ? "page" : undefined}
        onClick={() => go(id)}
      >
        <span aria-hidden="true">{sign}</span> {label}
      </button>
    </li>
  );
  return (
    <nav aria-label="Channels">
      <ul>
        {seen.channels.map((each) => entry(each.id, each.kind === "direct" ? "@" : "#", each.name))}
        {seen.me.member && entry(HOME, "⌂", "App Home")}
      </ul>
    </nav>
  );
}

render(<Page />, document.body);
