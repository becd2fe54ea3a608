// What every part of the page may want: what is seen, and a way to act as the person chosen.
import { createContext } from "preact";
import type { Seen } from "./model";

export interface Acting {
  seen: Seen;
  /** Act; what goes wrong is told, and gives false. */
  does: (name: string, given?: object) => Promise<boolean>;
}

export const Stage = createContext<Acting>(null as unknown as Acting);
