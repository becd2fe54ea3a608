// The two ways to the server: the stream of what is new, and what the person does.
import { useEffect, useState } from "preact/hooks";
import type { Message, Seen } from "./model";

type News = Partial<Omit<Seen, "messages">> & { messages?: { set: Message[]; gone: string[] } };

export function useSeen(user: string): { seen: Seen | null; away: boolean } {
  const [state, setState] = useState<{ seen: Seen | null; away: boolean }>({
    seen: null,
    away: false,
  });
  useEffect(() => {
    const zone = Intl.DateTimeFormat().resolvedOptions().timeZone;
    const events = new EventSource(`/events?${new URLSearchParams({ as: user, zone })}`);
    let fresh = true;
    events.onopen = () => (fresh = true); // every connection begins with everything
    events.onmessage = (event) => {
      const news: News = JSON.parse(event.data);
      const first = fresh;
      fresh = false;
      setState(({ seen }) => ({ seen: merged(first ? null : seen, news), away: false }));
    };
    events.onerror = () => setState(({ seen }) => ({ seen, away: true }));
    return () => events.close();
  }, [user]);
  return state;
}

function merged(before: Seen | null, news: News): Seen {
  const messages = news.messages ? new Map(before?.messages) : (before?.messages ?? new Map());
  for (const ts of news.messages?.gone ?? []) messages.delete(ts);
  for (const message of news.messages?.set ?? []) messages.set(message.ts, message);
  return { ...before, ...news, messages } as Seen;
}

export interface Answered {
  told: unknown;
  /** Why it could not be done. */
  error?: string;
}

/** Do something as `user`. */
export async function act(user: string, name: string, given: object = {}): Promise<Answered> {
  try {
    const answer = await fetch(`/acts/${name}`, {
      method: "POST",
      headers: { "Content-Type": "application/json" },
      body: JSON.stringify({ as: user, ...given }),
    });
    return answer.ok || answer.status === 409 ?
        await answer.json()
      : { told: null, error: "That did not work." };
  } catch {
    return { told: null, error: "The demo does not answer. Is it still running?" };
  }
}
