// What every part of the page may want: what is seen, and a way to act as the person chosen.
import { createContext } from "preact";
import type { Seen } from "./model";
import type { Answered } from "./server";

export interface Acting {
  seen: Seen;
  /** Act; what goes wrong is told to the person, too. */
  does: (name: string, given?: object) => Promise<Answered>;
}

export const Stage = createContext<Acting>(null as unknown as Acting);
