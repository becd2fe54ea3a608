// One message: who, when, what, its thread, and its menu.
import { useContext, useId, useLayoutEffect, useRef, useState } from "preact/hooks";
import { Blocks } from "./blocks";
import type { Element, Message } from "./model";
import { Stage } from "./stage";
import { Mrkdwn, spelled } from "./text";

interface Shown {
  message: Message;
  /** How many answers its thread has; null where that is not to be told. */
  replies: number | null;
  open?: (ts: string) => void;
}

export function Article({ message, replies, open }: Shown) {
  const { seen, does } = useContext(Stage);
  const article = useRef<HTMLElement>(null);
  const id = useId();
  useKeptFocus(article);
  const { channel, ts } = message;
  const moment = new Date(Number(ts) * 1000);
  const name = seen.names[message.user] ?? message.user;
  const click = (element: Element, label: string) =>
    does("click", { channel, ts, label, action_id: element.action_id });
  return (
    <article
      ref={article}
      tabIndex={-1}
      aria-labelledby={id}
      data-ts={ts}
      class={message.alone ? "alone" : ""}
    >
      <Face user={message.user} name={name} />
      <div class="body">
        <p class="by" id={id}>
          <strong>{name}</strong>
          {message.user === seen.bot && <span class="app">app</span>}
          <time dateTime={moment.toISOString()}>{spelled(moment, "time", seen.me.zone)}</time>
        </p>
        {message.alone && <p class="context">Only you can see this</p>}
        {message.blocks.length ?
          <Blocks blocks={message.blocks} click={click} />
        : <p class="said"><Mrkdwn text={message.text} /></p>}
        {message.files.map((file) => (
          <p class="file" key={file.id}>
            <a href={`/files/${file.id}?as=${seen.me.user}`} download={file.name}>{file.name}</a>
            <span>{kilobytes(file.size)}</span>
          </p>
        ))}
        {message.edited && <p class="context">(edited)</p>}
        {replies ?
          <button
            type="button"
            class="replies"
            aria-label={`Thread: ${counted(replies)}`}
            onClick={() => open?.(ts)}
          >
            {counted(replies)}
          </button>
        : null}
      </div>
      {!message.alone && (
        <Menu
          items={[
            ["Diagnose", () => void does("diagnose", { channel, ts })],
            ...(open ? ([["Reply in a thread", () => open(ts)]] as [string, () => void][]) : []),
          ]}
        />
      )}
    </article>
  );
}

const kilobytes = (bytes: number) => `${Math.ceil(bytes / 1024)} KB`;

/** "1 reply", "12 replies" */
const counted = (n: number) => (n === 1 ? "1 reply" : `${n} replies`);

function Face({ user, name }: { user: string; name: string }) {
  return (
    <span class={`face ${user}`} aria-hidden="true">
      {name.slice(0, 1).toUpperCase()}
    </span>
  );
}

// Where the focus last was: when that goes away, the browser forgets it.
let focused: HTMLElement | null = null;
let home: HTMLElement | null = null;
document.addEventListener("focusin", ({ target }) => {
  focused = target as HTMLElement;
  home = focused.closest("article");
});

/** When what was focused in it went away, the focus stays with the message. */
function useKeptFocus(within: { current: HTMLElement | null }) {
  useLayoutEffect(() => {
    const lost = document.activeElement === document.body && !focused?.isConnected;
    if (lost && home === within.current) within.current?.focus();
  });
}

function Menu({ items }: { items: [string, () => void][] }) {
  const [shown, show] = useState(false);
  const opener = useRef<HTMLButtonElement>(null);
  const list = useRef<HTMLDivElement>(null);
  const id = useId();
  useLayoutEffect(() => {
    if (shown) list.current?.querySelector("button")?.focus();
  }, [shown]);
  const close = (back: boolean) => {
    show(false);
    if (back) opener.current?.focus();
  };
  const moves = (event: KeyboardEvent) => {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    const buttons = [...(list.current?.querySelectorAll("button") ?? [])];
    if (step) {
      const at = buttons.indexOf(document.activeElement as HTMLButtonElement);
      buttons.at((at + step) % buttons.length)?.focus();
    } else if (event.key === "Escape") close(true);
    else return;
    event.preventDefault();
    event.stopPropagation();
  };
  const left = (event: FocusEvent) => {
    if (!(event.currentTarget as HTMLElement).contains(event.relatedTarget as Node)) close(false);
  };
  return (
    <div class="menu" onFocusOut={left} onKeyDown={shown ? moves : undefined}>
      <button
        type="button"
        ref={opener}
        class="quiet"
        aria-label="More actions"
        aria-haspopup="menu"
        aria-expanded={shown}
        aria-controls={shown ? id : undefined}
        onClick={() => show(!shown)}
      >
        ⋯
      </button>
      {shown && (
        <div role="menu" id={id} ref={list} aria-label="Message">
          {items.map(([label, does]) => (
            <button
              type="button"
              role="menuitem"
              tabIndex={-1}
              onClick={() => {
                close(true);
                does();
              }}
            >
              {label}
            </button>
          ))}
        </div>
      )}
    </div>
  );
}
