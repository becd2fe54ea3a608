// A list of messages that stays at its end, and the box below it.
import { useContext, useEffect, useLayoutEffect, useRef, useState } from "preact/hooks";
import { Article } from "./message";
import type { Channel, Message } from "./model";
import { Stage } from "./stage";

const NEAR = 120;

interface LogGiven {
  name: string;
  messages: Message[];
  /** Answers by the ts of the message that they answer. */
  replies?: Map<string, number>;
  open?: (ts: string) => void;
}

export function Log({ name, messages, replies, open }: LogGiven) {
  const log = useRef<HTMLDivElement>(null);
  const atEnd = useRef(true);
  useLayoutEffect(() => {
    const element = log.current;
    if (element && atEnd.current) element.scrollTop = element.scrollHeight;
  }, [messages]);
  return (
    <div
      class="log"
      role="log"
      aria-label={name}
      tabIndex={0}
      ref={log}
      onScroll={({ currentTarget: at }) => {
        atEnd.current = at.scrollHeight - at.scrollTop - at.clientHeight < NEAR;
      }}
    >
      {messages.map((each) => (
        <Article
          key={each.ts}
          message={each}
          replies={replies?.get(each.ts) ?? null}
          open={open}
        />
      ))}
    </div>
  );
}

interface BoxGiven {
  label: string;
  hint: string;
  channel: string;
  thread?: string;
}

export function Box({ label, hint, channel, thread }: BoxGiven) {
  const { does } = useContext(Stage);
  const [text, setText] = useState("");
  const box = useRef<HTMLTextAreaElement>(null);
  useEffect(() => {
    if (!thread) box.current?.focus();
  }, []);
  const send = () => {
    if (!text.trim()) return;
    setText("");
    void does("say", { text, channel, thread }).then(({ error }) => error && setText(text));
    box.current?.focus();
  };
  return (
    <form
      class="box"
      onSubmit={(event) => {
        event.preventDefault();
        send();
      }}
    >
      <textarea
        ref={box}
        rows={1}
        aria-label={label}
        placeholder={hint}
        value={text}
        autocomplete="off"
        spellcheck={false}
        onInput={(event) => setText(event.currentTarget.value)}
        onKeyDown={(event) => {
          if (event.key !== "Enter" || event.shiftKey || event.isComposing) return;
          event.preventDefault();
          send();
        }}
      />
      <button type="submit" class="primary" aria-label={`Post ${thread ? "the reply" : "it"}`}>
        ➤
      </button>
    </form>
  );
}

export function Conversation({ channel, open }: { channel: Channel; open: (ts: string) => void }) {
  const { seen } = useContext(Stage);
  const here = [...seen.messages.values()].filter((each) => each.channel === channel.id);
  const replies = new Map<string, number>();
  for (const { thread } of here) if (thread) replies.set(thread, (replies.get(thread) ?? 0) + 1);
  const name = channel.kind === "direct" ? channel.name : `#${channel.name}`;
  return (
    <>
      <header class="bar">
        <h2>{name}</h2>
        {!channel.with_bot && <p class="context">slsdiag is not a member here</p>}
      </header>
      <Log
        key={channel.id}
        name="Messages"
        messages={here.filter((each) => !each.thread).sort(byTime)}
        replies={replies}
        open={open}
      />
      <Box label="Message" hint={`Message ${name}: try /slsdiag orders`} channel={channel.id} />
    </>
  );
}

interface ThreadGiven {
  channel: Channel;
  root: Message;
  close: () => void;
}

export function Thread({ channel, root, close }: ThreadGiven) {
  const { seen } = useContext(Stage);
  const heading = useRef<HTMLHeadingElement>(null);
  useEffect(() => heading.current?.focus(), [root.ts]);
  const messages = [...seen.messages.values()]
    .filter((each) => each.channel === channel.id && [each.ts, each.thread].includes(root.ts))
    .sort(byTime);
  return (
    <aside
      class="thread"
      aria-label="Thread"
      onKeyDown={(event) => event.key === "Escape" && close()}
    >
      <header class="bar">
        <h2 ref={heading} tabIndex={-1}>
          Thread
        </h2>
        <button type="button" class="quiet" aria-label="Close the thread" onClick={close}>
          ✕
        </button>
      </header>
      <Log key={root.ts} name="Replies" messages={messages} />
      <Box label="Reply" hint="Reply: try @slsdiag orders" channel={channel.id} thread={root.ts} />
    </aside>
  );
}

const byTime = (one: Message, other: Message) => (one.ts < other.ts ? -1 : 1);
