// Block Kit, as Slack draws it. A block that is not known says so in the page.
import { Button, Field } from "./elements";
import { ChartFigure } from "./chart";
import { DataTable } from "./table";
import { Mrkdwn, Rich, Said, Unsupported } from "./text";
import type { Block, Element, RichText, Text } from "./model";

export interface Pressing {
  press: (element: Element) => void;
  /** Of a window: what was typed, by action id. */
  typed?: Record<string, string>;
  type?: (action: string, value: string) => void;
}

export function Blocks({ blocks, ...pressing }: { blocks: Block[] } & Pressing) {
  const seen: Record<string, number> = {};
  return (
    <>
      {blocks.map((block) => {
        // the n-th of its type: so a button keeps its focus when a line is added above it
        seen[block.type] = (seen[block.type] ?? 0) + 1;
        return <Drawn key={`${block.type}-${seen[block.type]}`} block={block} {...pressing} />;
      })}
    </>
  );
}

function Drawn({ block, ...pressing }: { block: Block } & Pressing) {
  switch (block.type) {
    case "header":
      return <h3>{block.text?.text}</h3>;
    case "section":
      return <Section block={block} {...pressing} />;
    case "context":
      return <Context elements={(block.elements ?? []) as (Text & Element)[]} />;
    case "divider":
      return <hr />;
    case "actions":
      return (
        <div class="actions">
          {((block.elements ?? []) as Element[]).map((element) => (
            <Interactive key={element.action_id} element={element} {...pressing} />
          ))}
        </div>
      );
    case "rich_text":
      return <div class="rich"><Rich parts={(block.elements ?? []) as RichText[]} /></div>;
    case "markdown":
      return <p class="said"><Mrkdwn text={String(block.text ?? "")} /></p>;
    case "input":
      return <Input block={block} {...pressing} />;
    case "image":
      return <Picture block={block} />;
    case "data_table":
      return <DataTable block={block} />;
    case "data_visualization":
      return <ChartFigure block={block} />;
    default:
      return <p><Unsupported what={block.type} /></p>;
  }
}

function Section({ block, ...pressing }: { block: Block } & Pressing) {
  return (
    <div class="section">
      <div>
        {block.text && <p class="said"><Said text={block.text} /></p>}
        {block.fields && (
          <ul class="fields">
            {block.fields.map((field) => <li class="said"><Said text={field} /></li>)}
          </ul>
        )}
      </div>
      {block.accessory && <Interactive element={block.accessory} {...pressing} />}
    </div>
  );
}

function Context({ elements }: { elements: (Text & Element)[] }) {
  return (
    <p class="context said">
      {elements.map((element) =>
        element.type === ("image" as string) ?
          <img src={element.image_url} alt={element.alt_text ?? ""} />
        : <span><Said text={element} /></span>,
      )}
    </p>
  );
}

function Interactive({ element, ...pressing }: { element: Element } & Pressing) {
  if (element.type === "button") return <Button element={element} press={pressing.press} />;
  if (element.type === "image") return <img src={element.image_url} alt={element.alt_text ?? ""} />;
  return (
    <Field
      element={element}
      label={element.placeholder?.text ?? "Choose"}
      value={pressing.typed?.[element.action_id ?? ""] ?? ""}
      type={(value) => {
        pressing.type?.(element.action_id ?? "", value);
        pressing.press({ ...element, value });
      }}
    />
  );
}

function Input({ block, typed, type }: { block: Block } & Pressing) {
  const element = block.element;
  if (!element?.action_id) return null;
  const action = element.action_id;
  return (
    <div class="input">
      <Field
        element={element}
        label={block.label?.text ?? ""}
        hint={block.hint?.text}
        optional={block.optional}
        value={typed?.[action] ?? element.initial_value ?? ""}
        type={(value) => type?.(action, value)}
        shown
      />
    </div>
  );
}

function Picture({ block }: { block: Block }) {
  const title = typeof block.title === "string" ? block.title : block.title?.text;
  return (
    <figure>
      {title && <figcaption>{title}</figcaption>}
      <img src={block.image_url} alt={block.alt_text ?? ""} />
    </figure>
  );
}
