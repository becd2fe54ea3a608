// What may be clicked, chosen or typed into.
import { useContext, useId, useState } from "preact/hooks";
import { Picker } from "./picker";
import { Stage } from "./stage";
import { Leads, Unsupported, WEB } from "./text";
import type { Element, Option } from "./model";

/** What the blocks around it do with what is clicked, typed and searched for. */
export interface Clicking {
  /** `label` is the button's, or that of the option that was chosen. */
  click: (element: Element, label: string) => Promise<unknown>;
  /** Of a window: what is filled in, by action id. */
  typed?: Record<string, string>;
  type?: (action: string, value: string, tell: boolean) => void;
  search?: (action: string, text: string) => Promise<Option[]>;
}

export function Button({ element, click }: { element: Element; click: Clicking["click"] }) {
  const label = element.text?.text ?? "";
  const [busy, setBusy] = useState(false);
  const [leads, setLeads] = useState("");
  return (
    <>
      <button
        type="button"
        aria-busy={busy}
        class={element.style}
        aria-label={element.accessibility_label}
        onClick={() => {
          // Slack opens the address, and tells the bot of the click too
          if (element.url && WEB.test(element.url)) setLeads(element.url);
          setBusy(true);
          void click(element, label).then(() => setBusy(false));
        }}
      >
        {label}
      </button>
      {leads && <Leads address={leads} />}
    </>
  );
}

/** Something in a row of actions, or at a section's side. */
export function Interactive({ element, ...clicking }: { element: Element } & Clicking) {
  const id = useId();
  if (element.type === "button") return <Button element={element} click={clicking.click} />;
  if (element.type === "image") return <img src={element.image_url} alt={element.alt_text ?? ""} />;
  return (
    <span>
      <label for={id} class="unseen">
        {element.placeholder?.text ?? (element.type === "overflow" ? "More" : "Choose")}
      </label>
      <Control
        element={element}
        id={id}
        value=""
        choose={(option) => void clicking.click(element, option.text.text)}
        search={clicking.search}
      />
    </span>
  );
}

interface FieldGiven extends Clicking {
  element: Element;
  label: string;
  hint?: string;
  complaint?: string;
  optional?: boolean;
  tells?: boolean;
}

/** A field of a window, with its label and hint. */
export function Field({ element, label, hint, complaint, optional, tells, ...given }: FieldGiven) {
  const id = useId();
  const action = element.action_id ?? "";
  const value = given.typed?.[action] ?? "";
  const type = (text: string) => given.type?.(action, text, tells ?? false);
  return (
    <div class="input">
      <label for={id} class="label">
        {label}
        {optional && " (optional)"}
      </label>
      <Control
        element={element}
        id={id}
        value={value}
        required={!optional}
        described={hint || complaint ? `${id}-hint` : undefined}
        type={type}
        choose={(option) => type(option.value)}
        search={given.search}
      />
      <div id={`${id}-hint`}>
        {complaint && <p class="wrong" role="alert">{complaint}</p>}
        {hint && <p class="context">{hint}</p>}
      </div>
    </div>
  );
}

interface ControlGiven {
  element: Element;
  id: string;
  value: string;
  required?: boolean;
  described?: string;
  type?: (text: string) => void;
  choose: (option: Option) => void;
  search?: Clicking["search"];
}

function Control({ element, id, value, required, described, ...does }: ControlGiven) {
  const { seen } = useContext(Stage);
  const common = { id, required, "aria-describedby": described };
  switch (element.type) {
    case "plain_text_input": {
      const typing = {
        ...common,
        value,
        maxLength: element.max_length,
        placeholder: element.placeholder?.text,
        onInput: (event: Event) => does.type?.((event.currentTarget as HTMLInputElement).value),
      };
      return element.multiline ? <textarea rows={6} {...typing} /> : <input {...typing} />;
    }
    case "static_select":
    case "overflow":
      return <Menu {...common} element={element} options={element.options ?? []} {...does} />;
    case "conversations_select": {
      const here = seen.channels.map((each) => ({
        text: { type: "plain_text" as const, text: each.name },
        value: each.id,
      }));
      return <Menu {...common} element={element} options={here} {...does} />;
    }
    case "external_select":
      return (
        <Picker
          id={id}
          element={element}
          hint={described}
          search={(text) => does.search?.(element.action_id ?? "", text) ?? Promise.resolve([])}
          choose={does.choose}
        />
      );
    default:
      return <Unsupported what={element.type} />;
  }
}

interface MenuGiven extends Pick<ControlGiven, "element" | "id" | "required" | "choose"> {
  options: Option[];
}

function Menu({ element, options, choose, ...common }: MenuGiven) {
  const initial = element.initial_option?.value ?? element.initial_conversation ?? "";
  return (
    <select
      {...common}
      onChange={(event) => {
        const option = options.find((each) => each.value === event.currentTarget.value);
        if (option) choose(option);
      }}
    >
      <option value="" selected={!initial}>
        {element.placeholder?.text ?? (element.type === "overflow" ? "More…" : "Choose…")}
      </option>
      {options.map((each) => (
        <option value={each.value} selected={each.value === initial}>
          {each.text.text}
        </option>
      ))}
    </select>
  );
}
