// What may be pressed, chosen or typed into.
import { useId, useState } from "preact/hooks";
import { Link, Unsupported } from "./text";
import type { Element } from "./model";

export function Button({ element, press }: { element: Element; press: (e: Element) => void }) {
  const label = element.text?.text ?? "";
  if (element.url) return <Link url={element.url}><span class="button">{label}</span></Link>;
  return (
    <button
      type="button"
      class={element.style}
      aria-label={element.accessibility_label}
      onClick={() => press(element)}
    >
      {label}
    </button>
  );
}

interface FieldGiven {
  element: Element;
  label: string;
  hint?: string;
  optional?: boolean;
  value: string;
  type: (value: string) => void;
  /** Whether the label stands above the field. */
  shown?: boolean;
}

export function Field(given: FieldGiven) {
  const id = useId();
  const { element, label, hint, shown } = given;
  return (
    <>
      <label for={id} class={shown ? "label" : "unseen"}>
        {label}
        {given.optional && " (optional)"}
      </label>
      <Control {...given} id={id} />
      {hint && <p class="context" id={`${id}-hint`}>{hint}</p>}
      {element.max_length && given.value.length > element.max_length - 100 && (
        <p class="context">{element.max_length - given.value.length} characters left</p>
      )}
    </>
  );
}

function Control({ element, id, hint, optional, value, type }: FieldGiven & { id: string }) {
  const common = {
    id,
    value,
    required: !optional,
    "aria-describedby": hint ? `${id}-hint` : undefined,
  };
  switch (element.type) {
    case "plain_text_input": {
      const typing = {
        ...common,
        maxLength: element.max_length,
        placeholder: element.placeholder?.text,
        onInput: (event: Event) => type((event.currentTarget as HTMLInputElement).value),
      };
      return element.multiline ? <textarea rows={6} {...typing} /> : <input {...typing} />;
    }
    case "static_select":
      return (
        <select {...common} onChange={(event) => type(event.currentTarget.value)}>
          <option value="">{element.placeholder?.text ?? "Choose"}</option>
          {(element.option_groups ?? [{ label: null, options: element.options ?? [] }]).map(
            (group) => {
              const options = group.options.map((each) => (
                <option value={each.value}>{each.text.text}</option>
              ));
              return group.label ?
                  <optgroup label={group.label.text}>{options}</optgroup>
                : options;
            },
          )}
        </select>
      );
    case "radio_buttons":
      return <Radios element={element} id={id} value={value} type={type} />;
    default:
      return <Unsupported what={element.type} />;
  }
}

function Radios({ element, id, value, type }: Pick<FieldGiven, "element" | "value" | "type"> & { id: string }) {
  const [chosen, choose] = useState(value);
  return (
    <div id={id} role="radiogroup">
      {(element.options ?? []).map((option) => (
        <label class="radio">
          <input
            type="radio"
            name={id}
            checked={chosen === option.value}
            onChange={() => {
              choose(option.value);
              type(option.value);
            }}
          />
          {option.text.text}
        </label>
      ))}
    </div>
  );
}
