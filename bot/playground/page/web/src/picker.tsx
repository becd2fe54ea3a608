// A menu whose options the bot has: type some letters, choose among what it answers.
import { useEffect, useRef, useState } from "preact/hooks";
import type { Element, Option } from "./model";

const FEWEST_LETTERS = 3;
const PAUSE = 150;

interface PickerGiven {
  id: string;
  element: Element;
  hint?: string;
  search: (text: string) => Promise<Option[]>;
  choose: (option: Option) => void;
}

export function Picker({ id, element, hint, search, choose }: PickerGiven) {
  const [text, setText] = useState(element.initial_option?.text.text ?? "");
  const [options, setOptions] = useState<Option[]>([]);
  const [at, setAt] = useState(-1);
  const [open, setOpen] = useState(false);
  const asked = useRef(0);
  const fewest = element.min_query_length ?? FEWEST_LETTERS;
  useEffect(() => {
    const number = ++asked.current;
    if (!open || text.length < fewest) return setOptions([]);
    const timer = setTimeout(async () => {
      const found = await search(text);
      if (number === asked.current) setOptions(found); // an answer to older letters is late
    }, PAUSE);
    return () => clearTimeout(timer);
  }, [text, open]);
  const pick = (option: Option | undefined) => {
    if (!option) return;
    setText(option.text.text);
    setOpen(false);
    setAt(-1);
    choose(option);
  };
  const moves = (event: KeyboardEvent) => {
    if (event.key === "ArrowDown") setAt((at + 1) % Math.max(1, options.length));
    else if (event.key === "ArrowUp") setAt((at <= 0 ? options.length : at) - 1);
    else if (event.key === "Enter" && open) pick(options[at] ?? options[0]);
    else if (event.key === "Escape" && open && options.length) setOpen(false);
    else return;
    event.preventDefault();
    event.stopPropagation();
  };
  const shown = open && options.length > 0;
  return (
    <div class="picker">
      <input
        id={id}
        role="combobox"
        autocomplete="off"
        aria-autocomplete="list"
        aria-expanded={shown}
        aria-controls={`${id}-options`}
        aria-activedescendant={shown && at >= 0 ? `${id}-${at}` : undefined}
        aria-describedby={hint}
        placeholder={element.placeholder?.text}
        value={text}
        onInput={(event) => {
          setText(event.currentTarget.value);
          setOpen(true);
          setAt(-1);
        }}
        onFocus={() => setOpen(true)}
        onBlur={() => setOpen(false)}
        onKeyDown={moves}
      />
      <ul role="listbox" id={`${id}-options`} aria-label="Options" hidden={!shown}>
        {options.map((option, number) => (
          <li
            role="option"
            id={`${id}-${number}`}
            aria-selected={number === at}
            onPointerDown={(event) => {
              event.preventDefault(); // the focus stays in the field
              pick(option);
            }}
          >
            {option.text.text}
            {option.description && <span class="context"> {option.description.text}</span>}
          </li>
        ))}
      </ul>
      {open && text.length < fewest && (
        <p class="context">Type {fewest === 1 ? "a letter" : `${fewest} letters`} or more.</p>
      )}
    </div>
  );
}
